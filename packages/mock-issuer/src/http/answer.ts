import type { ServerResponse } from 'node:http';

/** A whole answer. Its length is added when it is sent. */
export interface Answer {
  readonly status: number;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: string | Buffer;
}

type Headers = Readonly<Record<string, string>>;

/** An answer any page may read (the documents are public, so CORS is open to every origin). */
export function jsonAnswer(
  status: number,
  body: object,
  { type = 'application/json', ...headers }: { type?: string } & Headers = {},
): Answer {
  return {
    status,
    headers: { 'content-type': type, 'access-control-allow-origin': '*', ...headers },
    body: JSON.stringify(body),
  };
}

/** An answer that speaks of tokens or credentials: never stored (RFC 6749 section 5.1), and open to pages only where its route is. */
export function privateAnswer(status: number, body: object | string, headers: Headers = {}): Answer {
  const json = typeof body !== 'string';
  return {
    status,
    headers: {
      ...(json && { 'content-type': 'application/json' }),
      'cache-control': 'no-store',
      pragma: 'no-cache',
      ...headers,
    },
    body: json ? JSON.stringify(body) : body,
  };
}

/** Sends an answer with its length; to HEAD node:http sends the headers alone. */
export function send(response: ServerResponse, { status, headers, body }: Answer): void {
  response.writeHead(status, { ...headers, 'content-length': Buffer.byteLength(body) }).end(body);
}
