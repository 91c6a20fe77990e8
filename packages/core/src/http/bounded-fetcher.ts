import { failureName } from '../model/failure-name.js';
import type { FetchTerms } from '../model/fetch-terms.js';
import { type DocumentRequest, type FetchedDocument, type Fetcher, NetworkError } from '../model/ports.js';
import { shortUrl } from '../model/short-url.js';
import { assertPermitted } from './permitted-url.js';
import { plainRequest } from './request-headers.js';

/** Sends a request over the network and reads the document in the response. */
export interface Transport {
  /** @param signal aborts the request at any stage */
  send(url: URL, terms: FetchTerms, signal: AbortSignal, request: DocumentRequest): Promise<FetchedDocument>;
  /** Closes the connections that the transport owns. */
  close(): void;
}

/**
 * Fetches documents only from permitted URLs and within a time limit. Refuses every fetch after
 * `close()`.
 */
export class BoundedFetcher implements Fetcher {
  readonly #transport: Transport;
  readonly #timeoutMilliseconds: number;
  readonly #inFlight = new Set<AbortController>();
  #closed = false;

  constructor(transport: Transport, timeoutMilliseconds: number) {
    this.#transport = transport;
    this.#timeoutMilliseconds = timeoutMilliseconds;
  }

  async fetchDocument(url: URL, terms: FetchTerms, request: DocumentRequest = plainRequest): Promise<FetchedDocument> {
    assertPermitted(url, terms);
    if (this.#closed) throw new NetworkError('closed', `${shortUrl(url)}: closed`);
    const controller = new AbortController();
    const aborted = new Promise<never>((_, reject) => {
      controller.signal.addEventListener('abort', () => reject(controller.signal.reason));
    });
    // Our own timer, referenced until the last octet has arrived. Node drops the timers of composed
    // signals if only a socket uses the signal, and the fetch would never end.
    const timedOut = new NetworkError('timeout', 'no answer in time');
    const timer = setTimeout(() => controller.abort(timedOut), this.#timeoutMilliseconds);
    this.#inFlight.add(controller);
    try {
      // The fetch ends on abort even if the transport ignores the signal.
      return await Promise.race([this.#transport.send(url, terms, controller.signal, request), aborted]);
    } catch (cause) {
      throw failureAt(url, controller.signal.aborted ? controller.signal.reason : cause);
    } finally {
      clearTimeout(timer);
      this.#inFlight.delete(controller);
    }
  }

  close(): void {
    this.#closed = true;
    for (const controller of this.#inFlight) controller.abort(new NetworkError('closed', 'closed'));
    this.#transport.close();
  }
}

/**
 * The failure with the URL of its request. Of other errors only a code is kept: errors of sockets,
 * of parsers and of the application's `fetch` may contain parts of the request or the response.
 */
function failureAt(url: URL, cause: unknown): NetworkError {
  if (cause instanceof NetworkError) {
    const { code, message, retryAfterSeconds, status } = cause;
    return new NetworkError(code, `${shortUrl(url)}: ${message}`, { cause, retryAfterSeconds, status });
  }
  return new NetworkError('unreachable', `${shortUrl(url)}: ${failureName(cause)}`);
}
