import { Agent, type ClientRequestArgs, get as getPlain, type IncomingMessage } from 'node:http';
import { get as getSecure, Agent as SecureAgent } from 'node:https';
import { type FetchTerms, isLoopbackOnly } from '../model/fetch-terms.js';
import { isLoopbackAddress } from '../model/loopback.js';
import { type FetchedDocument, NetworkError } from '../model/ports.js';
import type { Transport } from './bounded-door.js';
import { lookupWhere } from './lookup-where.js';
import { isPublicAddress } from './public-address.js';
import { readDocument } from './read-document.js';
import { requestHeaders } from './request-headers.js';
import { resolveByDns, resolveBySystem } from './resolve-name.js';

const lookupLoopback = lookupWhere(isLoopbackAddress, resolveBySystem);
const lookupPublic = lookupWhere(isPublicAddress, resolveByDns);

/** `node:http` and `node:https` with agents of their own, so that no socket outlives its document. Follows no redirects. */
export class NodeTransport implements Transport {
  readonly #agent: Agent = new Agent({ keepAlive: false });
  readonly #secureAgent: SecureAgent = new SecureAgent({ keepAlive: false });

  async get(url: URL, terms: FetchTerms, signal: AbortSignal): Promise<FetchedDocument> {
    const response = await this.#request(url, terms, signal);
    try {
      const header = (name: string) => [response.headers[name]].flat().join(', ') || undefined;
      return await readDocument({ status: response.statusCode, header, body: response }, signal);
    } finally {
      // Also when the body was not wanted: it must not go on arriving.
      response.destroy();
    }
  }

  close(): void {
    this.#agent.destroy();
    this.#secureAgent.destroy();
  }

  #request(url: URL, terms: FetchTerms, signal: AbortSignal): Promise<IncomingMessage> {
    const isPlain = url.protocol === 'http:';
    const options: ClientRequestArgs = {
      agent: isPlain ? this.#agent : this.#secureAgent,
      headers: requestHeaders,
      signal,
      ...lookupFor(url, terms),
    };
    return new Promise((resolve, reject) => {
      const request = (isPlain ? getPlain : getSecure)(url, options, resolve);
      request.on('error', reject);
      // An answer that is none, such as 101, closes the connection with neither response nor error.
      request.on('close', () => reject(new NetworkError('unreachable', 'closed without an answer')));
    });
  }
}

/** Names are judged by what they resolve to, when the socket connects; addresses in URLs never get here. */
function lookupFor(url: URL, terms: FetchTerms): Pick<ClientRequestArgs, 'lookup'> {
  if (terms.addresses === 'public') return { lookup: lookupPublic };
  return isLoopbackOnly(url, terms) ? { lookup: lookupLoopback } : {};
}
