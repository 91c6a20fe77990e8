import { Agent, type ClientRequestArgs, get as getPlain, type IncomingMessage } from 'node:http';
import { get as getSecure, Agent as SecureAgent } from 'node:https';
import type { FetchTerms } from '../model/fetch-terms.js';
import { type FetchedDocument, type NetworkDoor, NetworkError } from '../model/ports.js';
import { shortUrl } from '../model/short-url.js';
import { lookupLoopback } from './lookup-loopback.js';
import { assertPermitted } from './permitted-url.js';
import { readDocument } from './read-document.js';

/**
 * The door on `node:http` and `node:https`, with agents of its own: no redirects, no content
 * encodings, bounded in time and size, and gone after `close()`.
 */
export class HttpDoor implements NetworkDoor {
  readonly #timeoutMilliseconds: number;
  readonly #agent: Agent = new Agent({ keepAlive: false });
  readonly #secureAgent: SecureAgent = new SecureAgent({ keepAlive: false });
  readonly #underWay = new Set<AbortController>();
  #closed = false;

  constructor(timeoutMilliseconds: number) {
    this.#timeoutMilliseconds = timeoutMilliseconds;
  }

  async fetchDocument(url: URL, terms: FetchTerms): Promise<FetchedDocument> {
    assertPermitted(url, terms);
    if (this.#closed) throw new NetworkError(`${shortUrl(url)}: closed`);
    // A timer of our own, held here until the last octet: Node drops the timers of composed signals
    // that nothing but a socket waits for, and the fetch would never end.
    const ending = new AbortController();
    const timer = setTimeout(() => ending.abort(), this.#timeoutMilliseconds);
    this.#underWay.add(ending);
    try {
      return await readDocument(await this.#request(url, terms, ending.signal));
    } catch (cause) {
      const reason = ending.signal.aborted ? 'no answer in time' : failureName(cause);
      const { retryAfterSeconds } = cause instanceof NetworkError ? cause : { retryAfterSeconds: undefined };
      throw new NetworkError(`${shortUrl(url)}: ${reason}`, { cause, retryAfterSeconds });
    } finally {
      clearTimeout(timer);
      this.#underWay.delete(ending);
    }
  }

  close(): void {
    this.#closed = true;
    for (const ending of this.#underWay) ending.abort();
    this.#agent.destroy();
    this.#secureAgent.destroy();
  }

  #request(url: URL, terms: FetchTerms, signal: AbortSignal): Promise<IncomingMessage> {
    const isPlain = url.protocol === 'http:';
    const options: ClientRequestArgs = {
      agent: isPlain ? this.#agent : this.#secureAgent,
      headers: { accept: 'application/json, application/jwk-set+json', 'accept-encoding': 'identity' },
      signal,
      ...(isPlain && terms.plainHttp === 'loopback' && { lookup: lookupLoopback }),
    };
    return new Promise((resolve, reject) => {
      const request = (isPlain ? getPlain : getSecure)(url, options, resolve);
      request.on('error', reject);
      // An answer that is none, such as 101, closes the connection with neither response nor error.
      request.on('close', () => reject(new NetworkError('closed without an answer')));
    });
  }
}

/** A code where there is one: messages of sockets and TLS may quote what the other side sent. */
function failureName(failure: unknown): string {
  if (failure instanceof NetworkError) return failure.message;
  if (!(failure instanceof Error)) return 'failed';
  return 'code' in failure ? String(failure.code) : failure.name;
}
