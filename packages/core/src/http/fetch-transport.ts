import type { Fetch, FetchResponse } from '../model/fetch.js';
import type { FetchTerms } from '../model/fetch-terms.js';
import { type DocumentRequest, type FetchedDocument, NetworkError } from '../model/ports.js';
import { bare } from '../objects/bare.js';
import { hasMember, memberOf } from '../objects/members.js';
import type { Transport } from './bounded-fetcher.js';
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
    const response = await ownFetch(
      url.href,
      bare({ ...post, redirect: 'manual' as const, credentials: 'omit' as const, headers, signal }),
    );
    try {
      // One that came too late, or followed a redirect all the same and has asked somebody whom nobody judged.
      signal.throwIfAborted();
      if (memberOf(response, 'redirected')) throw new NetworkError('not_permitted', 'redirected');
      const header = (name: string) => response.headers.get(name) ?? undefined;
      const body = octetsOf(bodyOf(response), signal);
      return await readDocument({ status: memberOf(response, 'status') as number, header, body }, signal);
    } catch (failure) {
      // What was not wanted must not go on arriving. Nobody waits for that: it may never end.
      void cancel(bodyOf(response) as Cancellable | null);
      throw failure;
    }
  }

  close(): void {
    // Its connections are its owner's.
  }
}

function bodyOf(response: FetchResponse): object | null {
  return (memberOf(response, 'body') ?? null) as object | null;
}

type Cancellable = Pick<ReadableStream, 'cancel'> | Pick<ReadableStreamDefaultReader, 'cancel'>;

/** The body, read until the signal ends it: also one that hangs and whose `fetch` listens to no signal. */
async function* octetsOf(body: object | null, signal: AbortSignal): AsyncGenerator<unknown> {
  if (body === null) return;
  if (!hasMember(body, 'getReader')) {
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
