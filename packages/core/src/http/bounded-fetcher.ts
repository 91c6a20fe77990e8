import { failureName } from '../model/failure-name.js';
import type { FetchTerms } from '../model/fetch-terms.js';
import { type DocumentRequest, type FetchedDocument, type Fetcher, NetworkError } from '../model/ports.js';
import { shortUrl } from '../model/short-url.js';
import { assertPermitted } from './permitted-url.js';
import { plainRequest } from './request-headers.js';

/** What carries a request over the network, and reads the document that comes back. */
export interface Transport {
  /** @param signal ends it, wherever it is */
  send(url: URL, terms: FetchTerms, signal: AbortSignal, request: DocumentRequest): Promise<FetchedDocument>;
  close(): void;
}

/** The fetcher: asks only where the terms permit it, for a bounded time, and for nothing after `close()`. */
export class BoundedFetcher implements Fetcher {
  readonly #transport: Transport;
  readonly #timeoutMilliseconds: number;
  readonly #underWay = new Set<AbortController>();
  #closed = false;

  constructor(transport: Transport, timeoutMilliseconds: number) {
    this.#transport = transport;
    this.#timeoutMilliseconds = timeoutMilliseconds;
  }

  async fetchDocument(url: URL, terms: FetchTerms, request: DocumentRequest = plainRequest): Promise<FetchedDocument> {
    assertPermitted(url, terms);
    if (this.#closed) throw new NetworkError('closed', `${shortUrl(url)}: closed`);
    const ending = new AbortController();
    const ended = new Promise<never>((_, reject) => {
      ending.signal.addEventListener('abort', () => reject(ending.signal.reason));
    });
    // A timer of our own, held here until the last octet: Node drops the timers of composed signals
    // that nothing but a socket waits for, and the fetch would never end.
    const late = new NetworkError('timeout', 'no answer in time');
    const timer = setTimeout(() => ending.abort(late), this.#timeoutMilliseconds);
    this.#underWay.add(ending);
    try {
      // It ends when it is told to, also where the transport does not listen.
      return await Promise.race([this.#transport.send(url, terms, ending.signal, request), ended]);
    } catch (cause) {
      throw failureAt(url, ending.signal.aborted ? ending.signal.reason : cause);
    } finally {
      clearTimeout(timer);
      this.#underWay.delete(ending);
    }
  }

  close(): void {
    this.#closed = true;
    for (const ending of this.#underWay) ending.abort(new NetworkError('closed', 'closed'));
    this.#transport.close();
  }
}

/** The failure with its address. Of foreign ones only a code: those of sockets, parsers and an own `fetch` may hold what was sent, or came back. */
function failureAt(url: URL, cause: unknown): NetworkError {
  if (cause instanceof NetworkError) {
    const { code, message, retryAfterSeconds, status } = cause;
    return new NetworkError(code, `${shortUrl(url)}: ${message}`, { cause, retryAfterSeconds, status });
  }
  return new NetworkError('unreachable', `${shortUrl(url)}: ${failureName(cause)}`);
}
