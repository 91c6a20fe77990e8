import { request } from 'node:https';

/** What a server said. */
export interface TlsAnswer {
  readonly status: number;
  readonly body: Record<string, unknown>;
}

interface Asked {
  /** Under whose certificate. */
  readonly as?: { readonly cert: string; readonly key: string } | undefined;
  readonly form?: string | Record<string, string>;
  readonly headers?: Record<string, string>;
}

/** Asks over TLS, and trusts one authority; a form goes by POST. */
export function askOverTls(ca: string, url: string, { as, form, headers }: Asked = {}): Promise<TlsAnswer> {
  const type = form !== undefined && { 'content-type': 'application/x-www-form-urlencoded' };
  const options = {
    method: form === undefined ? 'GET' : 'POST',
    agent: false,
    ca,
    headers: { ...type, ...headers },
  } as const;
  return new Promise((resolve, reject) => {
    const asked = request(url, { ...options, ...as }, (response) => {
      const chunks: Buffer[] = [];
      response.on('data', (chunk: Buffer) => chunks.push(chunk));
      response.once('end', () => {
        const body = JSON.parse(Buffer.concat(chunks).toString()) as Record<string, unknown>;
        resolve({ status: response.statusCode ?? 0, body });
      });
    });
    asked.once('error', reject).end(form && new URLSearchParams(form).toString());
  });
}
