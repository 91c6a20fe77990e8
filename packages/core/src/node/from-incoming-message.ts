import type { IncomingHttpHeaders } from 'node:http';
import type { HttpRequest } from '../model/request.js';
import { emptyBare } from '../objects/bare.js';
import { memberOf } from '../objects/members.js';

/**
 * The members of Node's `IncomingMessage`, or of `Http2ServerRequest`, that are read. Mocked
 * requests may lack most of them.
 */
export interface NodeRequest {
  /** Method as received. */
  readonly method?: string | undefined;
  /** Request target. A router may have shortened it; see {@link FrameworkView.url}. */
  readonly url?: string | undefined;
  /** Parsed headers: the fallback for `rawHeaders`, and the Content-Type of a parsed body. */
  readonly headers: IncomingHttpHeaders;
  /** Header lines as received: name, value, name, value. */
  readonly rawHeaders?: readonly string[] | undefined;
  /** The connection: peer address, TLS, and the server's limit on header lines. */
  readonly socket?: {
    readonly remoteAddress?: string | undefined;
    readonly encrypted?: boolean | undefined;
    readonly server?: { readonly maxHeadersCount?: number | null } | undefined;
  } | null;
}

/** Data of the framework that Node's request lacks. */
export interface FrameworkView {
  /** Request target as received, where a router has shortened `url`. */
  readonly url?: string | undefined;
  /** The parsed body, where a body parser has run. */
  readonly body?: unknown;
}

/**
 * Maps a request of Node (HTTP/1.1 or HTTP/2) to the request that core reads. The body is NOT read
 * from the connection.
 *
 * @param view data of the framework that Node's request lacks
 * @example
 * import { createServer } from 'node:http';
 * import { createResourceServer } from '@resource-server/core';
 * import { fromIncomingMessage, sendDenial } from '@resource-server/core/node';
 *
 * const server = createResourceServer({
 *   issuer: 'https://login.example.com',
 *   audience: 'https://api.example.com',
 * });
 * createServer(async (req, res) => {
 *   const decision = await server.check(fromIncomingMessage(req));
 *   if (decision.granted) res.end(`Hello ${decision.auth?.subject}`);
 *   else sendDenial(res, decision);
 * });
 */
export function fromIncomingMessage(message: NodeRequest, view: FrameworkView = noView): HttpRequest {
  return new IncomingRequest(message, view);
}

const noView: FrameworkView = Object.freeze(emptyBare());

class IncomingRequest implements HttpRequest {
  readonly method: string;
  readonly url: string;
  readonly rawHeaders: readonly string[];
  readonly encrypted: boolean;
  readonly identity: object;
  declare readonly headersTruncated?: true;
  declare readonly peerAddress?: string;
  declare readonly formBody?: Readonly<Record<string, unknown>>;

  constructor(message: NodeRequest, view: FrameworkView) {
    // Each member is read once: every request of Express has its own object layout, so that each
    // read of a member costs a search.
    const rawHeaders = (memberOf(message, 'rawHeaders') ?? []) as readonly string[];
    const socket = (memberOf(message, 'socket') ?? undefined) as NodeRequest['socket'] | undefined;
    this.method = (memberOf(message, 'method') ?? '') as string;
    this.url = (memberOf(view, 'url') ?? memberOf(message, 'url') ?? '') as string;
    this.rawHeaders = readRawHeaders(rawHeaders, message);
    this.encrypted = socket !== undefined && socket !== null && memberOf(socket, 'encrypted') === true;
    this.identity = message;
    if (areTruncated(rawHeaders, socket)) this.headersTruncated = true;
    const peerAddress = socket ? memberOf(socket, 'remoteAddress') : undefined;
    if (peerAddress !== undefined) this.peerAddress = peerAddress as string;
    const formBody = readFormBody(message, memberOf(view, 'body'));
    if (formBody !== undefined) this.formBody = formBody;
  }
}

// These defaults shadow `Object.prototype`: under prototype pollution, an absent member stays
// absent for the checks and for the conditions of `where`.
Object.assign(IncomingRequest.prototype, {
  headersTruncated: undefined,
  peerAddress: undefined,
  clientCertificate: undefined,
  formBody: undefined,
});

// `message.headers` is parsed by Node on first access. It is read here only as a fallback.
function readRawHeaders(rawHeaders: readonly string[], message: NodeRequest): readonly string[] {
  // Node's servers always fill `rawHeaders`. Mocked requests may have parsed headers only.
  if (rawHeaders.length === 0) return flatten(message.headers);
  // Pseudo-headers come before all others (RFC 9113 section 8.3).
  return rawHeaders[0]?.startsWith(':') ? withoutPseudoHeaders(rawHeaders) : rawHeaders;
}

/** Node's default limit on header lines. */
const defaultMaxHeadersCount = 1000;

/**
 * Whether header lines may be missing: Node drops the lines beyond its limit without an error. A
 * second Authorization line could be among them.
 */
function areTruncated(rawHeaders: readonly string[], socket: NodeRequest['socket'] | undefined): boolean {
  const server = socket ? memberOf(socket, 'server') : undefined;
  const maxHeadersCount = Number(memberOf(Object(server), 'maxHeadersCount') ?? defaultMaxHeadersCount);
  return maxHeadersCount > 0 && rawHeaders.length >= maxHeadersCount * 2;
}

function flatten(headers: IncomingHttpHeaders): string[] {
  return Object.entries(headers).flatMap(([name, value]) =>
    value === undefined || name.startsWith(':') ? [] : [value].flat().flatMap((line) => [name, line]),
  );
}

/** Removes `:method` and the other pseudo-headers, which are not header fields. */
function withoutPseudoHeaders(rawHeaders: readonly string[]): string[] {
  return rawHeaders.filter((_, at) => !rawHeaders[at - (at % 2)]?.startsWith(':'));
}

/** A token in the body exists only in form-encoded bodies (RFC 6750 section 2.2). */
function readFormBody(message: NodeRequest, body: unknown): Record<string, unknown> | undefined {
  if (typeof body !== 'object' || body === null) return undefined;
  const [mediaType = ''] = String(memberOf(Object(message.headers), 'content-type') ?? '').split(';', 1);
  const isForm = mediaType.trim().toLowerCase() === 'application/x-www-form-urlencoded';
  return isForm ? (body as Record<string, unknown>) : undefined;
}
