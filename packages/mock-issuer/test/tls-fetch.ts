import { request } from 'node:https';
import type { Identity } from './certificate.js';

interface Tls extends Partial<Identity> {
  /** Whom the server's certificate must come from, in PEM. */
  readonly ca: string;
}

/** `fetch` as far as clients need it, over TLS with an authority and perhaps a certificate of its own, which `fetch` cannot be given. */
export function fetchOver(tls: Tls): (url: string | URL, init?: RequestInit) => Promise<Response> {
  return (url, init = {}) =>
    new Promise((resolve, reject) => {
      const { method = 'GET', body } = init;
      // What fetch adds by itself to a form.
      const headers = new Headers(
        new Request('http://localhost', { method, headers: init.headers ?? {}, body: body ?? null }).headers,
      );
      const options = { method, headers: Object.fromEntries(headers), agent: false as const, ...tls };
      const asked = request(url, options, (response) => {
        const chunks: Buffer[] = [];
        response.on('data', (chunk: Buffer) => chunks.push(chunk));
        response.once('end', () => {
          const got = Object.entries(response.headers).map(([name, value]): [string, string] => [name, String(value)]);
          const status = response.statusCode ?? 0;
          const text = chunks.length === 0 ? null : Buffer.concat(chunks);
          resolve(new Response(text, { status, headers: got }));
        });
      });
      asked.once('error', reject).end(body === undefined || body === null ? '' : String(body));
    });
}
