import { createMockIssuer, type MockIssuer } from '@resource-server/mock-issuer';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import type { IssuerOptions } from '../../src/options/issuer-options.js';
import type { ResourceServerOptions } from '../../src/options/resource-server-options.js';
import { createResourceServer, type ResourceServer } from '../../src/resource-server.js';
import { audience, bearer, denialOf, headerOf, verdict } from '../support-network/ask.js';
import { scriptedFetch } from '../support-network/scripted-fetch.js';
import { clearNames, resolveTo } from '../support-network/scripted-resolver.js';
import { type ScriptedServer, scriptedServer } from '../support-network/scripted-server.js';

vi.mock('node:dns/promises', async (importOriginal) => ({
  ...(await importOriginal<typeof import('node:dns/promises')>()),
  Resolver: (await import('../support-network/scripted-resolver.js')).ScriptedResolver,
}));

const tenant = 'https://tenant.example';
let issuer: MockIssuer;
/** Servers on loopback. They count connections and never answer. */
let decoys: Readonly<Record<'127.0.0.1' | '::1', ScriptedServer>>;
const servers: ResourceServer[] = [];

beforeEach(async () => {
  issuer = await createMockIssuer({ alg: 'ES256', audience });
  const [four, six] = await Promise.all([scriptedServer(() => {}), scriptedServer(() => {}, '::1')]);
  decoys = { '127.0.0.1': four, '::1': six };
});

afterEach(async () => {
  clearNames();
  await Promise.all([...servers.splice(0), issuer, ...Object.values(decoys)].map((one) => one.close()));
});

function serve(options: Partial<ResourceServerOptions> & Pick<ResourceServerOptions, 'issuer'>): ResourceServer {
  const server = createResourceServer({ audience, clock: issuer.clock, keys: { timeoutSeconds: 1 }, ...options });
  servers.push(server);
  return server;
}

const approving = (settings: IssuerOptions) => ({ resolve: () => settings });

/** D-08: the answer is 503 without a reason, and the HTTP client refused the address. */
async function expectNotPermitted(server: ResourceServer, iss: string): Promise<void> {
  const denial = denialOf(await server.check(bearer(await issuer.token({ claims: { iss } }))));
  expect([denial.status, denial.error.code]).toEqual([503, 'keys_unavailable']);
  expect(Number(headerOf(denial, 'Retry-After'))).toBeGreaterThanOrEqual(1);
  expect(server.status().issuers).toMatchObject([{ issuer: iss, keys: 'none', lastError: 'not_permitted' }]);
}

/** The control: a configured issuer at the same address is connected to. */
async function connectionsTo(decoy: ScriptedServer, configured: IssuerOptions): Promise<number> {
  const server = serve({ issuer: configured });
  const checking = server.ready().catch(() => {});
  while (decoy.connections === 0) await new Promise((resolve) => setImmediate(resolve));
  await server.close();
  await checking;
  return decoy.connections;
}

describe('resolved issuers at private addresses (D-21) [RS-8725-3.10-c]', () => {
  it('a resolved issuer at 127.0.0.1 is not connected to, a configured one is', async () => {
    const decoy = decoys['127.0.0.1'];
    const iss = `https://127.0.0.1:${decoy.port}`;
    await expectNotPermitted(serve({ issuer: approving({ issuer: iss }) }), iss);
    expect(decoy.connections).toBe(0);
    expect(await connectionsTo(decoy, { issuer: iss })).toBeGreaterThan(0);
  });

  it.each(['127.0.0.1', '::1'] as const)(
    'a resolved issuer with jwksUri at %s is not connected to, a configured one is',
    async (address) => {
      const decoy = decoys[address];
      const jwksUri = `https://${address === '::1' ? '[::1]' : address}:${decoy.port}/jwks`;
      await expectNotPermitted(serve({ issuer: approving({ issuer: tenant, jwksUri }) }), tenant);
      expect(decoy.connections).toBe(0);
      expect(await connectionsTo(decoy, { issuer: tenant, jwksUri })).toBeGreaterThan(0);
    },
  );

  it.each([
    ['127.0.0.1', '127.0.0.1'],
    ['0.0.0.0', '127.0.0.1'],
    ['::ffff:127.0.0.1', '127.0.0.1'],
    ['::1', '::1'],
  ] as const)('a resolved issuer whose name resolves to %s is not connected to', async (address, listening) => {
    const decoy = decoys[listening];
    resolveTo('tenant.example', address);
    const iss = `${tenant}:${decoy.port}`;
    await expectNotPermitted(serve({ issuer: approving({ issuer: iss }) }), iss);
    await expectNotPermitted(serve({ issuer: approving({ issuer: tenant, jwksUri: `${iss}/jwks` }) }), tenant);
    expect(decoy.connections).toBe(0);
    const literal = listening === '::1' ? '[::1]' : listening;
    expect(await connectionsTo(decoy, { issuer: `https://${literal}:${decoy.port}` })).toBeGreaterThan(0);
  });

  it.each(['tenant.localhost', 'a.tenant.localhost'])('a resolved issuer at %s is not connected to', async (host) => {
    const iss = `https://${host}:${decoys['127.0.0.1'].port}`;
    await expectNotPermitted(serve({ issuer: approving({ issuer: iss }) }), iss);
    expect(decoys['127.0.0.1'].connections).toBe(0);
  });

  it.each(['10.1.2.3', '169.254.169.254', '192.168.0.1', '172.16.0.1', '100.64.0.1'])(
    'a resolved issuer at %s, by address or by name, is refused before any connection',
    async (host) => {
      await expectNotPermitted(serve({ issuer: approving({ issuer: `https://${host}` }) }), `https://${host}`);
      resolveTo('tenant.example', host);
      await expectNotPermitted(serve({ issuer: approving({ issuer: tenant }) }), tenant);
    },
  );

  it.each(['127.0.0.1', '169.254.169.254', '10.0.0.1', '[::1]', '2130706433', '[::ffff:127.0.0.1]'])(
    'keys of a resolved issuer at %s according to its metadata are not fetched',
    async (host) => {
      const { href: jwksUri } = new URL(`https://${host}/jwks`);
      const network = scriptedFetch((url) =>
        url === jwksUri ? Response.json(issuer.jwks) : Response.json({ issuer: tenant, jwks_uri: jwksUri }),
      );
      await expectNotPermitted(serve({ issuer: approving({ issuer: tenant }), fetch: network.fetch }), tenant);
      expect(network.requested).not.toContain(jwksUri);
      const token = await issuer.token({ claims: { iss: tenant } });
      const configured = serve({ issuer: tenant, fetch: network.fetch });
      expect(verdict(await configured.check(bearer(token)))).toBe('granted');
      expect(network.requested).toContain(jwksUri);
    },
  );

  it('with optional credentials a resolved issuer at a private address causes a 503 response', async () => {
    const server = serve({ issuer: approving({ issuer: 'https://127.0.0.1' }), credentials: 'optional' });
    await expectNotPermitted(server, 'https://127.0.0.1');
  });
});

it('a configured issuer on loopback is fetched, and its tokens are granted', async () => {
  const server = serve({ issuer: issuer.issuer });
  expect(verdict(await server.check(bearer(await issuer.token())))).toBe('granted');
  expect(issuer.requests.count('jwks')).toBe(1);
});
