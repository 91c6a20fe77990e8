import type { IncomingHttpHeaders } from 'node:http';
import type { HttpRequest } from '../model/request.js';
import { emptyBare } from '../objects/bare.js';
import { memberOf } from '../objects/members.js';

/** The parts of Node's `IncomingMessage`, or of its HTTP/2 twin, that are read; mocked requests may lack most. */
export interface NodeRequest {
  readonly method?: string | undefined;
  readonly url?: string | undefined;
  readonly headers: IncomingHttpHeaders;
  readonly rawHeaders?: readonly string[] | undefined;
  readonly socket?: {
    readonly remoteAddress?: string | undefined;
    readonly encrypted?: boolean | undefined;
    readonly server?: { readonly maxHeadersCount?: number | null } | undefined;
  } | null;
}

/** What a framework knows of a request beyond Node. */
export interface FrameworkView {
  /** The target as received, where a router has shortened `url`. */
  readonly url?: string | undefined;
  /** What the framework parsed the body into, if it has. */
  readonly body?: unknown;
}

/** Maps a Node request, HTTP/1.1 or HTTP/2, to what core reads. */
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
    // Each once: Express gives every request a layout of its own, and each look at one costs a search.
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

// What a request lacks is absent for the checks and for the conditions of `where`, whatever stands on `Object.prototype`.
Object.assign(IncomingRequest.prototype, {
  headersTruncated: undefined,
  peerAddress: undefined,
  clientCertificate: undefined,
  formBody: undefined,
});

// Node parses `headers` when somebody first reads it: here only where nothing else will do.
function readRawHeaders(rawHeaders: readonly string[], message: NodeRequest): readonly string[] {
  // Node's servers always fill the list; requests built by hand may have parsed headers only.
  if (rawHeaders.length === 0) return flatten(message.headers);
  // Pseudo-headers come before all others (RFC 9113 section 8.3).
  return rawHeaders[0]?.startsWith(':') ? withoutPseudoHeaders(rawHeaders) : rawHeaders;
}

/** How many header lines Node keeps when its server was not told otherwise. */
const defaultMaxHeadersCount = 1000;

/** Node drops the lines beyond its limit without a word, and goes on. */
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

/** Without `:method` and its like, which are no header fields. */
function withoutPseudoHeaders(rawHeaders: readonly string[]): string[] {
  return rawHeaders.filter((_, at) => !rawHeaders[at - (at % 2)]?.startsWith(':'));
}

/** Members of other body types are not OAuth's (RFC 6750 section 2.2). */
function readFormBody(message: NodeRequest, body: unknown): Record<string, unknown> | undefined {
  if (typeof body !== 'object' || body === null) return undefined;
  const [mediaType = ''] = String(memberOf(Object(message.headers), 'content-type') ?? '').split(';', 1);
  const isForm = mediaType.trim().toLowerCase() === 'application/x-www-form-urlencoded';
  return isForm ? (body as Record<string, unknown>) : undefined;
}
