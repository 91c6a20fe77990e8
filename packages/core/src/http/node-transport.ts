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

/** Uses `node:http` and `node:https` with dedicated agents. Does not follow redirects. */
export class NodeTransport implements Transport {
  readonly #agents = new Agents();

  async send(url: URL, terms: FetchTerms, signal: AbortSignal, request: DocumentRequest): Promise<FetchedDocument> {
    const response = await this.#sendWithRetry(url, terms, signal, request);
    try {
      const header = (name: string) => [own(response.headers, name)].flat().join(', ') || undefined;
      return await readDocument({ status: response.statusCode, header, body: response }, signal);
    } finally {
      // Also if the body was refused: the rest of it must not keep arriving.
      response.destroy();
    }
  }

  close(): void {
    this.#agents.close();
  }

  /**
   * Sends the request a second time if the kept connection was closed. Most likely the server's
   * idle timeout closed it.
   */
  async #sendWithRetry(
    url: URL,
    terms: FetchTerms,
    signal: AbortSignal,
    request: DocumentRequest,
  ): Promise<IncomingMessage> {
    try {
      return await exchange(url, bare({ ...this.#optionsFor(url, terms, request), signal }), request.form);
    } catch (failure) {
      if (!(failure instanceof StaleConnection)) throw failure;
      const renewed = (await request.renew?.()) ?? request;
      return exchange(url, bare({ ...this.#optionsFor(url, terms, renewed), agent: false, signal }), renewed.form);
    }
  }

  #optionsFor(url: URL, terms: FetchTerms, request: DocumentRequest): ClientRequestArgs {
    return bare({
      agent: this.#agents.agentFor(url, terms, request.form !== undefined),
      headers: requestHeaders(request),
      method: request.form === undefined ? 'GET' : 'POST',
      ...request.certificate,
      ...lookupFor(url, terms),
    });
  }
}

/** The server closed a kept connection before it answered the request. */
class StaleConnection extends Error {}

function exchange(url: URL, options: ClientRequestArgs, form: string | undefined): Promise<IncomingMessage> {
  return new Promise((resolve, reject) => {
    const request = (url.protocol === 'http:' ? requestPlain : requestSecure)(url, options, resolve);
    request.on('error', (failure) => reject(isStale(request, failure) ? new StaleConnection() : failure));
    // With status 101, for example, the connection closes with neither a response nor an error.
    request.on('close', () => reject(new NetworkError('unreachable', 'connection closed without a response')));
    request.end(form);
  });
}

function isStale(request: ClientRequest, failure: Error): boolean {
  const code = memberOf(failure, 'code');
  return request.reusedSocket && (code === 'ECONNRESET' || code === 'EPIPE');
}

/**
 * The look-up that checks a host name by its addresses when the socket connects. Sockets perform no
 * look-up for IP addresses in URLs; `assertPermitted` checks those.
 */
function lookupFor(url: URL, terms: FetchTerms): Pick<ClientRequestArgs, 'lookup'> {
  if (terms.addresses === 'public') return { lookup: lookupPublic };
  return isLoopbackOnly(url, terms) ? { lookup: lookupLoopback } : {};
}
