import type { Fetch, FetchResponse } from '../model/fetch.js';
import type { FetchTerms } from '../model/fetch-terms.js';
import { type DocumentRequest, type FetchedDocument, NetworkError } from '../model/ports.js';
import { bare } from '../objects/bare.js';
import { hasMember, memberOf } from '../objects/members.js';
import type { Transport } from './bounded-fetcher.js';
import { readDocument } from './read-document.js';
import { requestHeaders } from './request-headers.js';

/**
 * Uses the application's `fetch`, for proxies and other runtimes. Does not check which address that
 * `fetch` connects to.
 */
export class FetchTransport implements Transport {
  readonly #fetch: Fetch;

  constructor(applicationFetch: Fetch) {
    this.#fetch = applicationFetch;
  }

  async send(url: URL, _: FetchTerms, signal: AbortSignal, request: DocumentRequest): Promise<FetchedDocument> {
    const applicationFetch = this.#fetch;
    const { 'content-length': _length, ...headers } = requestHeaders(request);
    const post = request.form === undefined ? {} : { method: 'POST' as const, body: request.form };
    const response = await applicationFetch(
      url.href,
      bare({ ...post, redirect: 'manual' as const, credentials: 'omit' as const, headers, signal }),
    );
    try {
      // Refuses a response that arrived too late. Also refuses one for which `fetch` followed a
      // redirect despite `manual`: the URL of the redirect was not checked.
      signal.throwIfAborted();
      if (memberOf(response, 'redirected')) throw new NetworkError('not_permitted', 'redirected');
      const header = (name: string) => response.headers.get(name) ?? undefined;
      const body = octetsOf(bodyOf(response), signal);
      return await readDocument({ status: memberOf(response, 'status') as number, header, body }, signal);
    } catch (failure) {
      // The rest of a refused body must not keep arriving. The cancellation is not awaited, because
      // it may never end.
      void cancel(bodyOf(response) as Cancellable | null);
      throw failure;
    }
  }

  close(): void {
    // The connections belong to the application.
  }
}

function bodyOf(response: FetchResponse): object | null {
  return (memberOf(response, 'body') ?? null) as object | null;
}

type Cancellable = Pick<ReadableStream, 'cancel'> | Pick<ReadableStreamDefaultReader, 'cancel'>;

/**
 * Reads the body until the signal aborts, even if the body hangs and its `fetch` ignores the
 * signal.
 */
async function* octetsOf(body: object | null, signal: AbortSignal): AsyncGenerator<unknown> {
  if (body === null) return;
  if (!hasMember(body, 'getReader')) {
    yield* body as AsyncIterable<unknown>;
    return;
  }
  const reader = (body as ReadableStream<unknown>).getReader();
  const cancelReader = () => void cancel(reader);
  signal.addEventListener('abort', cancelReader, { once: true });
  try {
    for (let step = await reader.read(); !step.done; step = await reader.read()) yield step.value;
  } finally {
    signal.removeEventListener('abort', cancelReader);
    cancelReader();
  }
}

/** Cancels a body. Never throws and never rejects. */
async function cancel(body: Cancellable | null): Promise<void> {
  try {
    await body?.cancel();
  } catch {
    // A locked body is cancelled through its reader.
  }
}
