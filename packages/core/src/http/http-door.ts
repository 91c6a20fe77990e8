import { Agent, type ClientRequestArgs, get as getPlain, type IncomingMessage } from 'node:http';
import { get as getSecure, Agent as SecureAgent } from 'node:https';
import type { FetchTerms } from '../model/fetch-terms.js';
import { type NetworkDoor, NetworkError } from '../model/ports.js';
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
  readonly #closed = new AbortController();

  constructor(timeoutMilliseconds: number) {
    this.#timeoutMilliseconds = timeoutMilliseconds;
  }

  async fetchDocument(url: URL, terms: FetchTerms): Promise<Uint8Array> {
    assertPermitted(url, terms);
    try {
      return await readDocument(await this.#request(url, terms));
    } catch (cause) {
      if (cause instanceof NetworkError) throw new NetworkError(`${url.href}: ${cause.message}`, cause);
      throw new NetworkError(`${url.href}: ${failureName(cause)}`, { cause });
    }
  }

  close(): void {
    this.#closed.abort();
    this.#agent.destroy();
    this.#secureAgent.destroy();
  }

  #request(url: URL, terms: FetchTerms): Promise<IncomingMessage> {
    const isPlain = url.protocol === 'http:';
    const options: ClientRequestArgs = {
      agent: isPlain ? this.#agent : this.#secureAgent,
      headers: { accept: 'application/json, application/jwk-set+json', 'accept-encoding': 'identity' },
      // From the first byte sent to the last one received: a body that drips is as late as a header.
      signal: AbortSignal.any([this.#closed.signal, AbortSignal.timeout(this.#timeoutMilliseconds)]),
      ...(isPlain && terms.plainHttp === 'loopback' && { lookup: lookupLoopback }),
    };
    return new Promise((resolve, reject) => {
      (isPlain ? getPlain : getSecure)(url, options, resolve).on('error', reject);
    });
  }
}

/** A code where there is one: messages of sockets and TLS may quote what the other side sent. */
function failureName(failure: unknown): string {
  if (!(failure instanceof Error)) return 'failed';
  return 'code' in failure ? String(failure.code) : failure.name;
}
