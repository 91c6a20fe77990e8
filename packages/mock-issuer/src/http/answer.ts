import type { ServerResponse } from 'node:http';
import type { JsonObject } from '../judge.js';

/** A whole answer. Its length is added when it is sent. */
export interface Answer {
  readonly status: number;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: string | Buffer;
}

/** An answer any page may read (the documents are public, so CORS is open to every origin). */
export function jsonAnswer(
  status: number,
  body: JsonObject | object,
  { type = 'application/json', ...headers }: { type?: string } & Readonly<Record<string, string>> = {},
): Answer {
  return {
    status,
    headers: { 'content-type': type, 'access-control-allow-origin': '*', ...headers },
    body: JSON.stringify(body),
  };
}

/** Sends an answer with its length; to HEAD node:http sends the headers alone. */
export function send(response: ServerResponse, { status, headers, body }: Answer): void {
  response.writeHead(status, { ...headers, 'content-length': Buffer.byteLength(body) }).end(body);
}
