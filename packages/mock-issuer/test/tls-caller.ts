import { type Agent, request } from 'node:https';
import type { TLSSocket } from 'node:tls';

/** What a server said. */
export interface TlsAnswer {
  readonly status: number;
  readonly body: Record<string, unknown>;
  /** The session was that of an earlier connection. */
  readonly resumed: boolean;
}

interface Asked {
  /** Under whose certificate. */
  readonly as?: { readonly cert: string; readonly key: string } | undefined;
  readonly form?: string | Record<string, string>;
  readonly headers?: Record<string, string>;
  /** Default: a new connection. */
  readonly agent?: Agent;
}

/** Asks over TLS, and trusts one authority; a form goes by POST. */
export function askOverTls(ca: string, url: string, { as, form, headers, agent }: Asked = {}): Promise<TlsAnswer> {
  const type = form !== undefined && { 'content-type': 'application/x-www-form-urlencoded' };
  const options = {
    method: form === undefined ? 'GET' : 'POST',
    agent: agent ?? false,
    ca,
    headers: { ...type, ...headers },
  } as const;
  return new Promise((resolve, reject) => {
    const asked = request(url, { ...options, ...as }, (response) => {
      const resumed = (response.socket as TLSSocket).isSessionReused();
      const chunks: Buffer[] = [];
      response.on('data', (chunk: Buffer) => chunks.push(chunk));
      response.once('end', () => {
        const body = JSON.parse(Buffer.concat(chunks).toString()) as Record<string, unknown>;
        resolve({ status: response.statusCode ?? 0, body, resumed });
      });
    });
    asked.once('error', reject).end(form && new URLSearchParams(form).toString());
  });
}
