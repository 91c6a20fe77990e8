import type { Fetch } from '../model/fetch.js';
import type { FetchTerms } from '../model/fetch-terms.js';
import { type FetchedDocument, NetworkError } from '../model/ports.js';
import type { Transport } from './bounded-door.js';
import { readDocument } from './read-document.js';
import { requestHeaders } from './request-headers.js';

/** A `fetch` of the application: for proxies and other runtimes. What it connects to, it alone knows. */
export class FetchTransport implements Transport {
  readonly #fetch: Fetch;

  constructor(ownFetch: Fetch) {
    this.#fetch = ownFetch;
  }

  async get(url: URL, _: FetchTerms, signal: AbortSignal): Promise<FetchedDocument> {
    const ownFetch = this.#fetch;
    const headers = { ...requestHeaders };
    const response = await ownFetch(url.href, { redirect: 'manual', credentials: 'omit', headers, signal });
    const { body } = response;
    // Whether or not it listens to its signal: what nobody reads any more must not go on arriving.
    signal.addEventListener('abort', () => void abandon(body), { once: true });
    try {
      // One that followed a redirect all the same has asked somebody whom nobody judged.
      if (response.redirected) throw new NetworkError('not_permitted', 'redirected');
      const header = (name: string) => response.headers.get(name) ?? undefined;
      return await readDocument({ status: response.status, header, body: octetsOf(body) }, signal);
    } catch (failure) {
      // Nobody waits for it: it may never end.
      void abandon(body);
      throw failure;
    }
  }

  close(): void {
    // Its connections are its owner's.
  }
}

function octetsOf(body: object | null): AsyncIterable<unknown> | Iterable<unknown> {
  return (body ?? []) as AsyncIterable<unknown>;
}

/** Ends a body. Never rejects. */
async function abandon(body: Partial<ReadableStream> | null): Promise<void> {
  try {
    await body?.cancel?.();
  } catch {
    // One whose reading has begun is ended by its reader.
  }
}
