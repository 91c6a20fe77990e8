import type { Denied, Header } from '../model/decision.js';
import { headersByName } from '../model/headers.js';
import { memberOf } from '../objects/members.js';

/** The members that show whether a response of Node (HTTP/1.1 or HTTP/2) has ended. */
export interface ResponseState {
  /** Whether `end()` was called. */
  readonly writableEnded?: boolean;
  /** Whether the connection was closed. */
  readonly destroyed?: boolean;
  /** The stream of an HTTP/2 response. */
  readonly stream?: { readonly destroyed?: boolean };
}

/** The members of Node's `ServerResponse`, or of `Http2ServerResponse`, that are used. */
export interface NodeResponse extends ResponseState {
  /** HTTP status of the response. */
  statusCode: number;
  /** Whether the response has begun. */
  readonly headersSent?: boolean;
  setHeader(name: string, value: string | string[]): unknown;
  removeHeader(name: string): void;
  end(): unknown;
  end(body: string): unknown;
}

/** Whether the response has ended: it was sent, or the client has closed the connection. */
export function isOver(response: ResponseState): boolean {
  if (memberOf(response, 'writableEnded') === true || memberOf(response, 'destroyed') === true) return true;
  return memberOf(Object(memberOf(response, 'stream')), 'destroyed') === true;
}

/** Sets the headers of a decision. A repeated name becomes several header lines. */
export function setHeaders(response: Pick<NodeResponse, 'setHeader'>, headers: readonly Header[]): void {
  for (const [name, value] of Object.entries(headersByName(headers))) response.setHeader(name, value);
}

/**
 * Headers that earlier middleware may have set for another response, and that a refusal removes.
 *
 * Some frame or describe a body (RFC 9110 section 8, RFC 9112 section 6). A wrong length would make
 * the rest of the body the next response on the connection. Others control caches independently of
 * `Cache-Control` (RFC 9213).
 */
export const headersOfOtherAnswers: readonly string[] = Object.freeze([
  'Content-Length',
  'Transfer-Encoding',
  'Trailer',
  'Content-Encoding',
  'Content-Range',
  'Content-Disposition',
  'Content-Language',
  'Content-Location',
  'Content-MD5',
  'Content-Digest',
  'Repr-Digest',
  'Digest',
  'Accept-Ranges',
  'ETag',
  'Last-Modified',
  'Expires',
  'Age',
  'CDN-Cache-Control',
  'Surrogate-Control',
]);

/**
 * Sends the response to a refused request: status, headers and body. A response that has begun is
 * ended, because its status cannot be changed any more.
 */
export function sendDenial(response: NodeResponse, { status, headers, body }: Denied): void {
  // The response has begun: it can only be ended.
  if (memberOf(response, 'headersSent') === true) {
    response.end();
    return;
  }
  for (const name of headersOfOtherAnswers) response.removeHeader(name);
  response.statusCode = status;
  setHeaders(response, headers);
  // Node no longer computes this header after `removeHeader`.
  response.setHeader('Content-Length', String(Buffer.byteLength(body)));
  response.end(body);
}
