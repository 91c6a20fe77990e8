import { createServer, type RequestListener, type Server } from 'node:http';
import { createServer as createTlsServer } from 'node:https';
import type { AddressInfo } from 'node:net';
import { onTestFinished } from 'vitest';
import { certify } from './certificate.js';

/** What is served at a path. */
export type Served = object | RequestListener;

/** A little server on loopback. */
export interface DocumentServer {
  readonly origin: string;
  /** Objects are sent as JSON; functions answer as they please. */
  readonly served: Map<string, Served>;
  /** The paths that were asked for, one after another. */
  readonly asked: string[];
}

/** Over https it has a certificate that nobody trusts. */
export async function serveDocuments({ tls = false } = {}): Promise<DocumentServer> {
  const served = new Map<string, Served>();
  const asked: string[] = [];
  const listener: RequestListener = (request, response) => {
    const path = request.url ?? '';
    asked.push(path);
    const found = served.get(path);
    if (typeof found === 'function') return found(request, response);
    response.writeHead(found === undefined ? 404 : 200, { 'content-type': 'application/json' });
    response.end(JSON.stringify(found ?? {}));
  };
  const server: Server = tls
    ? createTlsServer(certify({ subject: [['CN', 'documents']] }), listener)
    : createServer(listener);
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  onTestFinished(() => {
    server.closeAllConnections();
    server.close();
  });
  const { port } = server.address() as AddressInfo;
  return { origin: `${tls ? 'https' : 'http'}://127.0.0.1:${port}`, served, asked };
}
