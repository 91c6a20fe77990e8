import { once } from 'node:events';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';

/** The response at one path. */
interface Page {
  readonly type: string;
  readonly body: string;
}

/**
 * The documents of one issuer on loopback, served unchanged by a plain HTTP server, without the
 * mock issuer.
 */
export interface IssuerDocuments {
  /** The issuer identifier: the origin of the server. */
  readonly issuer: string;
  publish(path: string, document: unknown, type?: string): void;
  /** How many requests a path received. */
  requests(path: string): number;
  close(): Promise<void>;
}

export async function serveIssuerDocuments(): Promise<IssuerDocuments> {
  const pages = new Map<string, Page>();
  const seen: string[] = [];
  const server = createServer((request, response) => {
    const path = request.url ?? '';
    const page = pages.get(path);
    seen.push(path);
    request.resume();
    response.statusCode = page === undefined ? 404 : 200;
    if (page !== undefined) response.setHeader('content-type', page.type);
    response.end(page?.body);
  }).listen(0, '127.0.0.1');
  await once(server, 'listening');
  return {
    issuer: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    publish(path, document, type = 'application/json') {
      pages.set(path, { type, body: typeof document === 'string' ? document : JSON.stringify(document) });
    },
    requests: (path) => seen.filter((one) => one === path).length,
    async close() {
      server.closeAllConnections();
      server.close();
      await once(server, 'close');
    },
  };
}
