import { once } from 'node:events';
import { createServer } from 'node:https';
import type { AddressInfo } from 'node:net';
import type { TLSSocket } from 'node:tls';
import { onTestFinished } from 'vitest';

interface SecureServer {
  readonly url: URL;
  /** The common name of the client certificate of each request; `undefined` for none. */
  readonly shown: (string | undefined)[];
}

/**
 * An https server until the end of the test, which requests a client certificate and answers `{}`.
 */
export async function secureServer(identity: { cert: string; key: string }): Promise<SecureServer> {
  const shown: (string | undefined)[] = [];
  const server = createServer({ ...identity, requestCert: true, rejectUnauthorized: false }, (request, response) => {
    const { subject } = (request.socket as TLSSocket).getPeerCertificate();
    shown.push(subject === undefined ? undefined : String(subject.CN));
    request.resume();
    response.end('{}');
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  onTestFinished(() => {
    server.closeAllConnections();
    server.close();
  });
  return { shown, url: new URL(`https://localhost:${(server.address() as AddressInfo).port}/`) };
}
