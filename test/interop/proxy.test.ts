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
 * The issuer https://localhost is reachable through the proxy only, which maps port 443 to another
 * port. undici opens a tunnel through the proxy by CONNECT; TLS is between undici and the issuer.
 */

const certificate = selfSignedCertificate();
const iss = 'https://localhost';
let issuer: MockIssuer;
let issuerServer: Server;
let proxy: Server;
let agent: ProxyAgent;
/** The CONNECT requests of the proxy. */
let connects: string[] = [];
/** The proxy refuses CONNECT. */
let isShut = false;
/** The proxy does not answer CONNECT. */
let isSilent = false;
const tunnels = new Set<Socket>();
const servers: ResourceServer[] = [];

beforeAll(async () => {
  issuer = await createMockIssuer({ alg: 'ES256', audience });
  issuerServer = createSecureServer(certificate, (request, response) => {
    const document = request.url === '/jwks' ? issuer.jwks : { issuer: iss, jwks_uri: `${iss}/jwks` };
    response.setHeader('content-type', 'application/json').end(JSON.stringify(document));
  }) as unknown as Server;
  proxy = createProxy((_, response) => response.writeHead(405).end());
  proxy.on('connect', ({ url = '' }, socket: Socket) => {
    connects.push(url);
    tunnels.add(socket.on('error', () => {}).on('close', () => tunnels.delete(socket)));
    if (isSilent) return;
    if (isShut) return void socket.end('HTTP/1.1 403 Forbidden\r\n\r\n');
    const onward = connect(portOf(issuerServer), '127.0.0.1', () =>
      socket.write('HTTP/1.1 200 Connection Established\r\n\r\n'),
    );
    onward.on('error', () => socket.destroy());
    socket.on('close', () => onward.destroy());
    socket.pipe(onward).pipe(socket);
  });
  for (const one of [issuerServer, proxy]) {
    one.listen(0, '127.0.0.1');
    await once(one, 'listening');
  }
  agent = proxyAgent();
});

afterEach(async () => {
  await Promise.all(servers.splice(0).map((server) => server.close()));
  connects = [];
  isShut = false;
  isSilent = false;
});

afterAll(async () => {
  await agent.destroy();
  for (const tunnel of tunnels) tunnel.destroy();
  for (const one of [issuerServer, proxy]) one.close();
  issuerServer.closeAllConnections();
  await issuer.close();
});

function portOf(server: Server): number {
  return (server.address() as AddressInfo).port;
}

/** An agent that uses the proxy, and has the issuer's certificate as its authority. */
function proxyAgent(): ProxyAgent {
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

describe("undici's fetch through a proxy (D-21)", () => {
  it('with a fetch through a proxy, keys are fetched by CONNECT to the issuer only', async () => {
    expect(verdict(await serve().check(bearer(await token())))).toBe('granted');
    expect(new Set(connects)).toEqual(new Set(['localhost:443']));
  });

  it('with an unreachable proxy the keys of the issuer cannot be fetched, and its tokens are 503', async () => {
    const direct = serve({ fetch: through(new ProxyAgent(closedPort)) });
    expect(verdict(await direct.check(bearer(await token())))).toBe('keys_unavailable');
    expect(connects).toEqual([]);
  });

  it('a proxy that refuses CONNECT is an outage, and tokens are accepted again after it (D-08)', async () => {
    isShut = true;
    const server = serve();
    // A new agent, since a tunnel that is already open would be used again.
    const shut = proxyAgent();
    const other = serve({ fetch: through(shut) });
    expect(verdict(await other.check(bearer(await token())))).toBe('keys_unavailable');
    expect(other.status().issuers).toMatchObject([{ lastError: 'unreachable' }]);
    isShut = false;
    issuer.clock.advance(31);
    expect(verdict(await other.check(bearer(await token())))).toBe('granted');
    expect(verdict(await server.check(bearer(await token())))).toBe('granted');
    await shut.destroy();
  });

  it('a proxy that does not answer CONNECT is 503 within the timeout (D-19)', async () => {
    isSilent = true;
    const silent = new ProxyAgent(`http://127.0.0.1:${portOf(proxy)}`);
    const server = serve({ fetch: through(silent), keys: { timeoutSeconds: 0.1 } });
    expect(verdict(await server.check(bearer(await token())))).toBe('keys_unavailable');
    await silent.destroy();
  });

  it('a certificate of an unknown authority is refused through a proxy, too', async () => {
    const strict = new ProxyAgent(`http://127.0.0.1:${portOf(proxy)}`);
    const server = serve({ fetch: through(strict) });
    expect(verdict(await server.check(bearer(await token())))).toBe('keys_unavailable');
    expect(connects.length).toBeGreaterThan(0);
    await strict.destroy();
  });

  it('a private address in the settings of a resolved issuer is not fetched through a proxy [RS-8725-3.10-c]', async () => {
    const resolve = (name: string) => ({ issuer: name, jwksUri: 'https://127.0.0.1/jwks' });
    const server = serve({ issuer: { resolve } });
    const ofTenant = await issuer.token({ claims: { iss: 'https://tenant.example' } });
    expect(verdict(await server.check(bearer(ofTenant)))).toBe('keys_unavailable');
    expect(server.status().issuers).toMatchObject([{ lastError: 'not_permitted' }]);
    expect(connects).toEqual([]);
  });
});

/** A port on which no server listens. */
const closedPort = 'http://127.0.0.1:1';
