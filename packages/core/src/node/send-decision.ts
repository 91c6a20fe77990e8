import type { Denied, Header } from '../model/decision.js';
import { headersByName } from '../model/headers.js';
import { memberOf } from '../objects/members.js';

/** What tells whether a response of Node, HTTP/1.1 or HTTP/2, is over. */
export interface ResponseState {
  readonly writableEnded?: boolean;
  readonly destroyed?: boolean;
  readonly stream?: { readonly destroyed?: boolean };
}

/** The parts of Node's `ServerResponse`, or of its HTTP/2 twin, that are used. */
export interface NodeResponse extends ResponseState {
  statusCode: number;
  readonly headersSent?: boolean;
  setHeader(name: string, value: string | string[]): unknown;
  removeHeader(name: string): void;
  end(): unknown;
  end(body: string): unknown;
}

/** Whether nobody waits for this response any more: it was answered, or the client went away. */
export function isOver(response: ResponseState): boolean {
  if (memberOf(response, 'writableEnded') === true || memberOf(response, 'destroyed') === true) return true;
  return memberOf(Object(memberOf(response, 'stream')), 'destroyed') === true;
}

/** Sets the headers of a decision. A name that comes twice becomes two lines. */
export function setHeaders(response: Pick<NodeResponse, 'setHeader'>, headers: readonly Header[]): void {
  for (const [name, value] of Object.entries(headersByName(headers))) response.setHeader(name, value);
}

/**
 * Headers that were set for another answer and must not stand before a refusal: those that frame or describe its
 * body (RFC 9110 section 8, RFC 9112 section 6), since one that does not fit makes the rest of the body the next
 * answer on the connection; and those by which caches keep it, whatever `Cache-Control` says (RFC 9213).
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

/** Answers a refused request: status, headers, body, as they are. */
export function sendDenial(response: NodeResponse, { status, headers, body }: Denied): void {
  // Somebody has begun an answer; all that is left is not to continue it.
  if (memberOf(response, 'headersSent') === true) {
    response.end();
    return;
  }
  for (const name of headersOfOtherAnswers) response.removeHeader(name);
  response.statusCode = status;
  setHeaders(response, headers);
  // Node computes none any more once one was removed.
  response.setHeader('Content-Length', String(Buffer.byteLength(body)));
  response.end(body);
}
