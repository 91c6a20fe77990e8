import { once } from 'node:events';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';

/** A server that must receive no request, or only at one path. It records all of them. */
export interface Canary {
  /** Without a trailing slash. */
  readonly origin: string;
  /** The number of connections opened to it, with or without a request. */
  readonly connections: () => number;
  /** The request targets that it received. */
  readonly targets: () => readonly string[];
  close(): Promise<void>;
}

/** @param body the response to every request, so that a caller would use it */
export async function openCanary(body: string, contentType = 'application/json'): Promise<Canary> {
  let connections = 0;
  const targets: string[] = [];
  const server = createServer((request, response) => {
    targets.push(request.url ?? '');
    response.setHeader('content-type', contentType).end(body);
  });
  server.on('connection', () => {
    connections += 1;
  });
  await once(server.listen(0, '127.0.0.1'), 'listening');
  const { port } = server.address() as AddressInfo;
  return {
    origin: `http://127.0.0.1:${port}`,
    connections: () => connections,
    targets: () => targets,
    close: async () => {
      server.closeAllConnections();
      server.close();
    },
  };
}
