import { once } from 'node:events';
import { createServer as createProxy, type Server } from 'node:http';
import { createServer as createSecureServer } from 'node:https';
import { type AddressInfo, connect, type Socket } from 'node:net';
import { createMockIssuer, type MockIssuer } from '@resource-server/mock-issuer';
import { fetch, ProxyAgent } from 'undici';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import type { Fetch } from '../../packages/core/src/model/fetch.js';
import type { ResourceServerOptions } from '../../packages/core/src/options/resource-server-options.js';
import { createResourceServer, type ResourceServer } from '../../packages/core/src/resource-server.js';
import { audience, bearer, verdict } from '../../packages/core/test/support-network/ask.js';
import { selfSignedCertificate } from '../../packages/core/test/support-network/self-signed.js';

/*
 * An issuer that only a proxy reaches: https://localhost, as the proxy sees it, at a port that is not its own. undici
 * tunnels through the proxy by CONNECT; TLS is between undici and the issuer.
 */

const certificate = selfSignedCertificate();
const iss = 'https://localhost';
let issuer: MockIssuer;
let site: Server;
let proxy: Server;
let agent: ProxyAgent;
/** What the proxy was asked for, and by what it does not let anything through. */
let connects: string[] = [];
let isShut = false;
let isDeaf = false;
const tunnels = new Set<Socket>();
const servers: ResourceServer[] = [];

beforeAll(async () => {
  issuer = await createMockIssuer({ alg: 'ES256', audience });
  site = createSecureServer(certificate, (request, response) => {
    const document = request.url === '/jwks' ? issuer.jwks : { issuer: iss, jwks_uri: `${iss}/jwks` };
    response.setHeader('content-type', 'application/json').end(JSON.stringify(document));
  }) as unknown as Server;
  proxy = createProxy((_, response) => response.writeHead(405).end());
  proxy.on('connect', ({ url = '' }, socket: Socket) => {
    connects.push(url);
    tunnels.add(socket.on('error', () => {}).on('close', () => tunnels.delete(socket)));
    if (isDeaf) return;
    if (isShut) return void socket.end('HTTP/1.1 403 Forbidden\r\n\r\n');
    const onward = connect(portOf(site), '127.0.0.1', () =>
      socket.write('HTTP/1.1 200 Connection Established\r\n\r\n'),
    );
    onward.on('error', () => socket.destroy());
    socket.on('close', () => onward.destroy());
    socket.pipe(onward).pipe(socket);
  });
  for (const one of [site, proxy]) {
    one.listen(0, '127.0.0.1');
    await once(one, 'listening');
  }
  agent = trustingAgent();
});

afterEach(async () => {
  await Promise.all(servers.splice(0).map((server) => server.close()));
  connects = [];
  isShut = false;
  isDeaf = false;
});

afterAll(async () => {
  await agent.destroy();
  for (const tunnel of tunnels) tunnel.destroy();
  for (const one of [site, proxy]) one.close();
  site.closeAllConnections();
  await issuer.close();
});

function portOf(server: Server): number {
  return (server.address() as AddressInfo).port;
}

/** Goes through the proxy, and trusts the issuer's certificate. */
function trustingAgent(): ProxyAgent {
  return new ProxyAgent({ uri: `http://127.0.0.1:${portOf(proxy)}`, requestTls: { ca: certificate.cert } });
}

/** undici's fetch through a proxy. */
function through(dispatcher: ProxyAgent): Fetch {
  return (url, init) => fetch(url, { ...init, dispatcher });
}

function serve(options: Partial<ResourceServerOptions> = {}): ResourceServer {
  const server = createResourceServer({
    issuer: iss,
    audience,
    clock: issuer.clock,
    fetch: through(agent),
    ...options,
  });
  servers.push(server);
  return server;
}

const token = () => issuer.token({ claims: { iss } });

describe("D-21: undici's fetch through a proxy", () => {
  it('fetches the keys, by CONNECT to the issuer and to nobody else', async () => {
    expect(verdict(await serve().check(bearer(await token())))).toBe('granted');
    expect(new Set(connects)).toEqual(new Set(['localhost:443']));
  });

  it('without it nobody gets there: the tokens of the same issuer are 503', async () => {
    const direct = serve({ fetch: through(new ProxyAgent(closedPort)) });
    expect(verdict(await direct.check(bearer(await token())))).toBe('keys_unavailable');
    expect(connects).toEqual([]);
  });

  it('D-08: a proxy that refuses is an outage, and one that ends', async () => {
    isShut = true;
    const server = serve();
    // A tunnel that is open already would be used again.
    const shut = trustingAgent();
    const other = serve({ fetch: through(shut) });
    expect(verdict(await other.check(bearer(await token())))).toBe('keys_unavailable');
    expect(other.status().issuers).toMatchObject([{ lastError: 'unreachable' }]);
    isShut = false;
    issuer.clock.advance(31);
    expect(verdict(await other.check(bearer(await token())))).toBe('granted');
    expect(verdict(await server.check(bearer(await token())))).toBe('granted');
    await shut.destroy();
  });

  it('D-19: a proxy that does not answer is 503 in time', async () => {
    isDeaf = true;
    const deaf = new ProxyAgent(`http://127.0.0.1:${portOf(proxy)}`);
    const server = serve({ fetch: through(deaf), keys: { timeoutSeconds: 0.1 } });
    expect(verdict(await server.check(bearer(await token())))).toBe('keys_unavailable');
    await deaf.destroy();
  });

  it('a certificate that nobody vouches for is refused through the proxy, too', async () => {
    const strict = new ProxyAgent(`http://127.0.0.1:${portOf(proxy)}`);
    const server = serve({ fetch: through(strict) });
    expect(verdict(await server.check(bearer(await token())))).toBe('keys_unavailable');
    expect(connects.length).toBeGreaterThan(0);
    await strict.destroy();
  });

  it('[RS-8725-3.10-c] is not asked for a private address that a resolved issuer names', async () => {
    const resolve = (name: string) => ({ issuer: name, jwksUri: 'https://127.0.0.1/jwks' });
    const server = serve({ issuer: { resolve } });
    const ofTenant = await issuer.token({ claims: { iss: 'https://tenant.example' } });
    expect(verdict(await server.check(bearer(ofTenant)))).toBe('keys_unavailable');
    expect(server.status().issuers).toMatchObject([{ lastError: 'not_permitted' }]);
    expect(connects).toEqual([]);
  });
});

/** Where nobody listens, on this machine. */
const closedPort = 'http://127.0.0.1:1';
