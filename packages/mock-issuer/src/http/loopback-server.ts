import { createServer, type RequestListener, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';

/** A running HTTP server that only this machine can reach. */
export interface LoopbackServer {
  /** `http://127.0.0.1:PORT`. */
  readonly origin: string;
  /** Takes requests from now on. To be called in the turn in which the server came up. */
  onRequest(listener: RequestListener): void;
  /** Destroys every socket and frees the port. Further calls wait for the first. */
  close(): Promise<void>;
}

/**
 * Listens on 127.0.0.1.
 *
 * @throws the error of node:net, such as EADDRINUSE.
 */
export async function listenOnLoopback(port: number): Promise<LoopbackServer> {
  const server = createServer();
  const address = await listening(server, port);
  let closed: Promise<void> | undefined;
  return {
    origin: `http://127.0.0.1:${address.port}`,
    onRequest: (listener) => void server.on('request', listener),
    close: () => {
      closed ??= shut(server);
      return closed;
    },
  };
}

function listening(server: Server, port: number): Promise<AddressInfo> {
  return new Promise((resolve, reject) => {
    server.once('error', reject);
    server.listen(port, '127.0.0.1', () => {
      server.off('error', reject);
      // A server that listens on TCP has an AddressInfo; a string is a pipe's, null is nobody's.
      resolve(server.address() as AddressInfo);
    });
  });
}

function shut(server: Server): Promise<void> {
  return new Promise((resolve) => {
    server.close(() => resolve());
    server.closeAllConnections();
  });
}
