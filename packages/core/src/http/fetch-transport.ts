import type { Fetch } from '../model/fetch.js';
import type { FetchTerms } from '../model/fetch-terms.js';
import { type DocumentRequest, type FetchedDocument, NetworkError } from '../model/ports.js';
import type { Transport } from './bounded-door.js';
import { readDocument } from './read-document.js';
import { requestHeaders } from './request-headers.js';

/** A `fetch` of the application: for proxies and other runtimes. What it connects to, it alone knows. */
export class FetchTransport implements Transport {
  readonly #fetch: Fetch;

  constructor(ownFetch: Fetch) {
    this.#fetch = ownFetch;
  }

  async send(url: URL, _: FetchTerms, signal: AbortSignal, request: DocumentRequest): Promise<FetchedDocument> {
    const ownFetch = this.#fetch;
    const { 'content-length': _length, ...headers } = requestHeaders(request);
    const post = request.form === undefined ? {} : { method: 'POST' as const, body: request.form };
    const response = await ownFetch(url.href, { ...post, redirect: 'manual', credentials: 'omit', headers, signal });
    try {
      // One that came too late, or followed a redirect all the same and has asked somebody whom nobody judged.
      signal.throwIfAborted();
      if (response.redirected) throw new NetworkError('not_permitted', 'redirected');
      const header = (name: string) => response.headers.get(name) ?? undefined;
      return await readDocument({ status: response.status, header, body: octetsOf(response.body, signal) }, signal);
    } catch (failure) {
      // What was not wanted must not go on arriving. Nobody waits for that: it may never end.
      void cancel(response.body as Cancellable | null);
      throw failure;
    }
  }

  close(): void {
    // Its connections are its owner's.
  }
}

type Cancellable = Pick<ReadableStream, 'cancel'> | Pick<ReadableStreamDefaultReader, 'cancel'>;

/** The body, read until the signal ends it: also one that hangs and whose `fetch` listens to no signal. */
async function* octetsOf(body: object | null, signal: AbortSignal): AsyncGenerator<unknown> {
  if (body === null) return;
  if (!('getReader' in body)) {
    yield* body as AsyncIterable<unknown>;
    return;
  }
  const reader = (body as ReadableStream<unknown>).getReader();
  const end = () => void cancel(reader);
  signal.addEventListener('abort', end, { once: true });
  try {
    for (let step = await reader.read(); !step.done; step = await reader.read()) yield step.value;
  } finally {
    signal.removeEventListener('abort', end);
    end();
  }
}

/** Never rejects, and throws nothing. */
async function cancel(body: Cancellable | null): Promise<void> {
  try {
    await body?.cancel();
  } catch {
    // One whose reading has begun is ended by its reader.
  }
}
