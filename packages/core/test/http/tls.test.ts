import { once } from 'node:events';
import { createServer, get, type Server } from 'node:https';
import type { AddressInfo } from 'node:net';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { BoundedFetcher } from '../../src/http/bounded-fetcher.js';
import { NodeTransport } from '../../src/http/node-transport.js';
import { failureOf } from '../support-network/network-failure.js';
import { selfSignedCertificate } from '../support-network/self-signed.js';

const certificate = selfSignedCertificate();
let server: Server;
let url: URL;
let requests = 0;

beforeAll(async () => {
  server = createServer(certificate, (_, response) => {
    requests += 1;
    response.end('{}');
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  url = new URL(`https://localhost:${(server.address() as AddressInfo).port}/`);
});

afterAll(() => {
  server.closeAllConnections();
  server.close();
});

describe('TLS server certificate [RS-8414-6-a]', () => {
  it('a self-signed server certificate is refused before a request is sent', async () => {
    const fetcher = new BoundedFetcher(new NodeTransport(), 5000);
    const failure = await failureOf(
      fetcher.fetchDocument(url, { plainHttp: 'anywhere', hosts: undefined, addresses: 'any' }),
    );
    expect(failure.message).toMatch(/: (DEPTH_ZERO_SELF_SIGNED_CERT|SELF_SIGNED_CERT_IN_CHAIN)$/);
    expect(requests).toBe(0);
    fetcher.close();
  });

  it('control: a client that trusts the certificate gets a response', async () => {
    const [response] = await once(get(url, { ca: certificate.cert, agent: false }), 'response');
    expect(response.statusCode).toBe(200);
    response.resume();
    expect(requests).toBe(1);
  });
});
