import type { Denial, Header } from '../model/decision.js';
import { headersByName } from '../model/headers.js';

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
export function isOver({ writableEnded, destroyed, stream }: ResponseState): boolean {
  return writableEnded === true || destroyed === true || stream?.destroyed === true;
}

/** Sets the headers of a decision. A name that comes twice becomes two lines. */
export function setHeaders(response: Pick<NodeResponse, 'setHeader'>, headers: readonly Header[]): void {
  for (const [name, value] of Object.entries(headersByName(headers))) response.setHeader(name, value);
}

/**
 * Headers that describe a body (RFC 9110 section 8). What was set for another one must not stand before a
 * refusal: a Content-Length that is too short would make the rest of it the next answer on the connection.
 */
export const representationHeaders: readonly string[] = Object.freeze([
  'Content-Length',
  'Content-Encoding',
  'Content-Range',
  'Content-Disposition',
  'ETag',
  'Last-Modified',
]);

/** Answers a refused request: status, headers, body, as they are. */
export function sendDenial(response: NodeResponse, { status, headers, body }: Denial): void {
  // Somebody has begun an answer; all that is left is not to continue it.
  if (response.headersSent === true) {
    response.end();
    return;
  }
  for (const name of representationHeaders) response.removeHeader(name);
  response.statusCode = status;
  setHeaders(response, headers);
  // Node computes none any more once one was removed.
  response.setHeader('Content-Length', String(Buffer.byteLength(body)));
  response.end(body);
}
