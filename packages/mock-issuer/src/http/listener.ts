import { X509Certificate } from 'node:crypto';
import { createServer, type RequestListener, type Server } from 'node:http';
import { createServer as createTlsServer } from 'node:https';
import { type AddressInfo, BlockList, isIPv6 } from 'node:net';

/** How a server is reached over TLS. Everything is PEM. */
export interface TlsOptions {
  /** The private key of the certificate. */
  readonly key: string;
  /** The server's certificate, for the address 127.0.0.1 or the name localhost, and those that lead to its authority behind it. */
  readonly cert: string;
  /** An authority that client certificates may come from for `tls_client_auth`, beside that of the issuer. Default: none. */
  readonly ca?: string;
}

/** All that a server needs for TLS. */
export interface ServerTls extends Pick<TlsOptions, 'key' | 'cert'> {
  /** The authorities of client certificates. */
  readonly ca: readonly string[];
}

/** A running HTTP server. */
export interface Listener {
  /** `http://ADDRESS:PORT`; with TLS `https://`, and the name on the certificate. */
  readonly origin: string;
  /** What a server with TLS shows from now on. To be called in the turn in which the server came up. */
  secure(tls: ServerTls): void;
  /** Takes requests from now on. To be called in the turn in which the server came up. */
  onRequest(listener: RequestListener): void;
  /** Destroys every socket and frees the port. Further calls wait for the first. */
  close(): Promise<void>;
}

const loopback = new BlockList();
loopback.addSubnet('127.0.0.0', 8);
loopback.addAddress('::1', 'ipv6');

/** Whether an IP address is reached from this machine and no other (RFC 6890 sections 2.2.2 and 2.2.3). */
export function isLoopback(address: string): boolean {
  return loopback.check(address, isIPv6(address) ? 'ipv6' : 'ipv4');
}

/** A certificate is asked for and none refused: who is told by it, and who by something else, is judged for each request. */
const asking = { requestCert: true, rejectUnauthorized: false };

/**
 * Listens on an IP address.
 *
 * @param certifiedAs - the name on the certificate of a server with TLS.
 * @throws the error of node:net, such as EADDRINUSE.
 */
export async function listen(address: string, port: number, certifiedAs?: string): Promise<Listener> {
  const tlsServer = certifiedAs === undefined ? undefined : createTlsServer(asking);
  const server = tlsServer ?? createServer();
  const { port: taken } = await listening(server, address, port);
  let closed: Promise<void> | undefined;
  return {
    origin: certifiedAs === undefined ? `http://${reachedAs(address)}:${taken}` : `https://${certifiedAs}:${taken}`,
    secure: ({ key, cert, ca }) => tlsServer?.setSecureContext({ key, cert, ca: [...ca] }),
    onRequest: (listener) => void server.on('request', listener),
    close: () => {
      closed ??= shut(server);
      return closed;
    },
  };
}

/** The host of an address: all addresses of this machine have 127.0.0.1 among them. */
function reachedAs(address: string): string {
  if (address === '0.0.0.0' || address === '::') return '127.0.0.1';
  return isIPv6(address) ? `[${address}]` : address;
}

/** The name on the certificate by which this machine can be reached, if it has one. */
export function certifiedHost({ cert }: Pick<TlsOptions, 'cert'>): string | undefined {
  const certificate = new X509Certificate(cert);
  return certificate.checkIP('127.0.0.1') ?? certificate.checkHost('localhost');
}

function listening(server: Server, address: string, port: number): Promise<AddressInfo> {
  return new Promise((resolve, reject) => {
    server.once('error', reject);
    server.listen(port, address, () => {
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
