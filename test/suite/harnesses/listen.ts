import { once } from 'node:events';
import { createServer, type RequestListener } from 'node:http';
import type { AddressInfo } from 'node:net';
import type { ResourceServer } from '@resource-server/core';
import type { Running } from '../harness.js';
import { sendOverSocket } from '../wire.js';

/** Serves an application over HTTP/1.1 on its own port. */
export async function listen(
  listener: RequestListener,
  handled: () => number,
  server: ResourceServer,
): Promise<Running & { readonly port: number }> {
  const http = createServer(listener).listen(0, '127.0.0.1');
  await once(http, 'listening');
  const { port } = http.address() as AddressInfo;
  return {
    port,
    handled,
    send: (request) => sendOverSocket(port, request),
    async close() {
      http.closeAllConnections();
      http.close();
      await server.close();
    },
  };
}
