import { once } from 'node:events';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';

/** A server that nobody should visit, or only at one address; it remembers who does. */
export interface Canary {
  /** Without a slash at its end. */
  readonly origin: string;
  /** How many connections were opened to it, whatever came of them. */
  readonly connections: () => number;
  /** The request targets it was asked for. */
  readonly targets: () => readonly string[];
  close(): Promise<void>;
}

/** @param body what it answers to everything, so that a visitor would believe it */
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
