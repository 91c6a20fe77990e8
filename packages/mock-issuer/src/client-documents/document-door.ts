import { type IncomingMessage, request as requestOverHttp } from 'node:http';
import { request as requestOverHttps } from 'node:https';
import type { LookupFunction } from 'node:net';
import { invalidClient } from '../client-authentication/invalid-client.js';
import { mediaType } from '../http/body.js';
import { parseJson } from '../http/json-body.js';
import { isLoopbackHost } from '../http/loopback-host.js';
import { OAuthError } from '../http/oauth-error.js';

/** Milliseconds of real time for a whole document. */
const PATIENCE_MS = 3000;

/** What may be reached. */
export interface DoorTerms {
  /** Addresses of this machine, which is for issuers that no other machine can reach. */
  readonly loopback: boolean;
  /** Hosts, `name` for every port of them and `name:port` for one. */
  readonly hosts: readonly string[];
}

/** A document that was fetched. */
interface FetchedDocument {
  readonly json: unknown;
  readonly cacheControl: string | undefined;
}

/**
 * The only way out: clients say where their documents are, and whoever can send a request here can say that he is a client (server-side request
 * forgery, draft-ietf-oauth-client-id-metadata-document section 8.6). So nothing is fetched but from this machine, where the one who runs the
 * test could fetch it too, and from hosts that were named when the issuer was made.
 */
export class DocumentDoor {
  readonly #terms: DoorTerms;

  constructor(terms: DoorTerms) {
    this.#terms = terms;
  }

  /**
   * Fetches a JSON document: 200 and no redirect, JSON by its type, in three seconds.
   *
   * @throws OAuthError invalid_client saying what is wrong with the address or the answer, and nothing of what that says.
   */
  async fetchJson(address: string, maxBytes: number): Promise<FetchedDocument> {
    const url = new URL(address);
    const fault = forbidden(url, this.#terms);
    if (fault !== undefined) throw invalidClient(`'${address}' ${fault}`);
    const { status, type, text, cacheControl } = await get(url, maxBytes);
    if (status !== 200) throw invalidClient(`'${address}' answered ${status}, and must answer 200`);
    if (type === undefined || !/^application\/(?:[\w.-]+\+)?json$/.test(type)) {
      throw invalidClient(`'${address}' must be JSON, and is ${type ?? 'of no type'}`);
    }
    const json = parseJson(text);
    if (json === undefined) throw invalidClient(`'${address}' is no JSON, or too deep`);
    return { json, cacheControl };
  }
}

function forbidden(url: URL, { loopback, hosts }: DoorTerms): string | undefined {
  const isHere = isLoopbackHost(url);
  if (url.protocol !== 'https:' && !(url.protocol === 'http:' && isHere)) return 'must be https, or http on loopback';
  const port = url.port || (url.protocol === 'https:' ? '443' : '80');
  if (hosts.includes(url.hostname) || hosts.includes(`${url.hostname}:${port}`) || (loopback && isHere))
    return undefined;
  return "is neither on this machine nor among the option 'clientDocumentHosts', and is not fetched";
}

interface Read {
  readonly status: number | undefined;
  readonly type: string | undefined;
  readonly text: string;
  readonly cacheControl: string | undefined;
}

async function get(url: URL, maxBytes: number): Promise<Read> {
  const signal = AbortSignal.timeout(PATIENCE_MS);
  try {
    const response = await open(url, signal);
    const chunks: Buffer[] = [];
    let bytes = 0;
    for await (const chunk of response as AsyncIterable<Buffer>) {
      bytes += chunk.length;
      if (bytes > maxBytes) break;
      chunks.push(chunk);
    }
    if (bytes > maxBytes) throw invalidClient(`'${url.href}' is longer than ${maxBytes} bytes`);
    const { 'content-type': type, 'cache-control': cacheControl } = response.headers;
    return {
      status: response.statusCode,
      type: mediaType(type),
      text: Buffer.concat(chunks).toString(),
      cacheControl,
    };
  } catch (error) {
    if (error instanceof OAuthError) throw error;
    const reason = signal.aborted ? 'it took too long' : (error as NodeJS.ErrnoException).code;
    throw invalidClient(`'${url.href}' could not be fetched: ${reason}`);
  }
}

function open(url: URL, signal: AbortSignal): Promise<IncomingMessage> {
  // On this machine http would do, so that a certificate says nothing there.
  const here = isLoopbackHost(url) ? { lookup: lookupHere, rejectUnauthorized: false } : {};
  const request = url.protocol === 'https:' ? requestOverHttps : requestOverHttp;
  return new Promise((resolve, reject) => {
    request(url, {
      agent: false,
      headers: { accept: 'application/json' },
      signal,
      ...here,
    })
      .once('response', resolve)
      .once('error', reject)
      .end();
  });
}

/** `localhost` is this machine, whatever a resolver says (RFC 6761 section 6.3). */
const lookupHere: LookupFunction = (_name, { all }, callback) => {
  if (!all) return callback(null, '127.0.0.1', 4);
  callback(null, [
    { address: '127.0.0.1', family: 4 },
    { address: '::1', family: 6 },
  ]);
};
