import { X509Certificate } from 'node:crypto';
import { createServer, type RequestListener, type Server } from 'node:http';
import { createServer as createTlsServer } from 'node:https';
import type { AddressInfo } from 'node:net';

/** How a server is reached over TLS. Everything is PEM. */
export interface TlsOptions {
  /** The private key of the certificate. */
  readonly key: string;
  /** The server's certificate, for the address 127.0.0.1 or the name localhost, and those that lead to its authority behind it. */
  readonly cert: string;
  /** The authority that client certificates must come from for `tls_client_auth`. Default: none, and then there is no such method. */
  readonly ca?: string;
}

/** A running HTTP server that only this machine can reach. */
export interface LoopbackServer {
  /** `http://127.0.0.1:PORT`; with TLS `https://`, and the name localhost when the certificate is not for the address. */
  readonly origin: string;
  /** Takes requests from now on. To be called in the turn in which the server came up. */
  onRequest(listener: RequestListener): void;
  /** Destroys every socket and frees the port. Further calls wait for the first. */
  close(): Promise<void>;
}

/**
 * Listens on 127.0.0.1.
 *
 * @throws the error of node:net, such as EADDRINUSE, and of node:tls for a key that does not fit.
 */
export async function listenOnLoopback(port: number, tls?: TlsOptions): Promise<LoopbackServer> {
  const server = tls === undefined ? createServer() : tlsServer(tls);
  const address = await listening(server, port);
  let closed: Promise<void> | undefined;
  return {
    origin: tls === undefined ? `http://127.0.0.1:${address.port}` : `https://${certifiedHost(tls)}:${address.port}`,
    onRequest: (listener) => void server.on('request', listener),
    close: () => {
      closed ??= shut(server);
      return closed;
    },
  };
}

/** The name on the certificate by which this machine can be reached, if it has one. */
export function certifiedHost({ cert }: Pick<TlsOptions, 'cert'>): string | undefined {
  const certificate = new X509Certificate(cert);
  return certificate.checkIP('127.0.0.1') ?? certificate.checkHost('localhost');
}

function tlsServer(tls: TlsOptions): Server {
  // A certificate is asked for and none refused: who is told by it, and who by something else, is judged for each request.
  return createTlsServer({ ...tls, requestCert: true, rejectUnauthorized: false });
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
