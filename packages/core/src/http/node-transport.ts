import { type ClientRequest, type ClientRequestArgs, type IncomingMessage, request as requestPlain } from 'node:http';
import { request as requestSecure } from 'node:https';
import { type FetchTerms, isLoopbackOnly } from '../model/fetch-terms.js';
import { isLoopbackAddress } from '../model/loopback.js';
import { type DocumentRequest, type FetchedDocument, NetworkError } from '../model/ports.js';
import { bare } from '../objects/bare.js';
import { memberOf, own } from '../objects/members.js';
import { Agents } from './agents.js';
import type { Transport } from './bounded-fetcher.js';
import { lookupWhere } from './lookup-where.js';
import { isPublicAddress } from './public-address.js';
import { readDocument } from './read-document.js';
import { requestHeaders } from './request-headers.js';
import { resolveByDns, resolveBySystem } from './resolve-name.js';

const lookupLoopback = lookupWhere(isLoopbackAddress, resolveBySystem);
const lookupPublic = lookupWhere(isPublicAddress, resolveByDns);

/** `node:http` and `node:https` with agents of their own. Follows no redirects. */
export class NodeTransport implements Transport {
  readonly #agents = new Agents();

  async send(url: URL, terms: FetchTerms, signal: AbortSignal, request: DocumentRequest): Promise<FetchedDocument> {
    const response = await this.#ask(url, terms, signal, request);
    try {
      const header = (name: string) => [own(response.headers, name)].flat().join(', ') || undefined;
      return await readDocument({ status: response.statusCode, header, body: response }, signal);
    } finally {
      // Also when the body was not wanted: it must not go on arriving.
      response.destroy();
    }
  }

  close(): void {
    this.#agents.close();
  }

  /** Once more where a kept connection turns out to be closed: most likely its server had enough of it. */
  async #ask(url: URL, terms: FetchTerms, signal: AbortSignal, asked: DocumentRequest): Promise<IncomingMessage> {
    try {
      return await exchange(url, bare({ ...this.#optionsFor(url, terms, asked), signal }), asked.form);
    } catch (failure) {
      if (!(failure instanceof StaleConnection)) throw failure;
      const again = (await asked.renew?.()) ?? asked;
      return exchange(url, bare({ ...this.#optionsFor(url, terms, again), agent: false, signal }), again.form);
    }
  }

  #optionsFor(url: URL, terms: FetchTerms, asked: DocumentRequest): ClientRequestArgs {
    return bare({
      agent: this.#agents.agentFor(url, terms, asked.form !== undefined),
      headers: requestHeaders(asked),
      method: asked.form === undefined ? 'GET' : 'POST',
      ...asked.certificate,
      ...lookupFor(url, terms),
    });
  }
}

class StaleConnection extends Error {}

function exchange(url: URL, options: ClientRequestArgs, form: string | undefined): Promise<IncomingMessage> {
  return new Promise((resolve, reject) => {
    const request = (url.protocol === 'http:' ? requestPlain : requestSecure)(url, options, resolve);
    request.on('error', (failure) => reject(isStale(request, failure) ? new StaleConnection() : failure));
    // An answer that is none, such as 101, closes the connection with neither response nor error.
    request.on('close', () => reject(new NetworkError('unreachable', 'closed without an answer')));
    request.end(form);
  });
}

function isStale(request: ClientRequest, failure: Error): boolean {
  const code = memberOf(failure, 'code');
  return request.reusedSocket && (code === 'ECONNRESET' || code === 'EPIPE');
}

/** Names are judged by what they resolve to, when the socket connects; addresses in URLs never get here. */
function lookupFor(url: URL, terms: FetchTerms): Pick<ClientRequestArgs, 'lookup'> {
  if (terms.addresses === 'public') return { lookup: lookupPublic };
  return isLoopbackOnly(url, terms) ? { lookup: lookupLoopback } : {};
}
