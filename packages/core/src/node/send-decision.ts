import type { Denial, Header } from '../model/decision.js';
import { headersByName } from '../model/headers.js';

/** The parts of Node's `ServerResponse`, or of its HTTP/2 twin, that are used. */
export interface NodeResponse {
  statusCode: number;
  setHeader(name: string, value: string | string[]): unknown;
  end(body?: string): unknown;
  readonly headersSent?: boolean;
  readonly writableEnded?: boolean;
  readonly destroyed?: boolean;
  readonly stream?: { readonly destroyed?: boolean };
}

/** Whether nobody waits for this response any more: it was answered, or the client went away. */
export function isOver({ writableEnded, destroyed, stream }: NodeResponse): boolean {
  return writableEnded === true || destroyed === true || stream?.destroyed === true;
}

/** Sets the headers of a decision. A name that comes twice becomes two lines. */
export function setHeaders(response: NodeResponse, headers: readonly Header[]): void {
  for (const [name, value] of Object.entries(headersByName(headers))) response.setHeader(name, value);
}

/** Answers a refused request: status, headers, body, as they are. */
export function sendDenial(response: NodeResponse, { status, headers, body }: Denial): void {
  // Somebody has begun an answer; all that is left is not to continue it.
  if (response.headersSent === true) {
    response.end();
    return;
  }
  response.statusCode = status;
  setHeaders(response, headers);
  response.end(body);
}
