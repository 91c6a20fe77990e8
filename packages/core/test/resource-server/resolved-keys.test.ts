import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { KeySnapshot } from '../../src/model/ports.js';
import type { ResourceServer } from '../../src/resource-server.js';
import { audience, bearer, jwksOf, verdict } from '../support-network/ask.js';
import { type FrozenClock, frozenClock } from '../support-network/frozen-clock.js';
import { startTenants, type Tenants } from '../support-network/tenants.js';

let clock: FrozenClock;
let tenants: Tenants;

beforeEach(async () => {
  clock = frozenClock();
  tenants = await startTenants(2, { audience, clock });
});

afterEach(() => tenants.close());

async function verdictOn(server: ResourceServer, token: string): Promise<string> {
  return verdict(await server.check(bearer(token)));
}

/** The snapshot of a process that has fetched the keys of both tenants, as JSON. */
async function snapshotOfNow(): Promise<KeySnapshot> {
  const server = tenants.serve();
  for (const at of [0, 1]) await verdictOn(server, await tenants.token(at));
  return JSON.parse(JSON.stringify(server.snapshot()));
}

describe('keys of a server with resolved issuers', () => {
  it('ready() of a server with resolved issuers resolves at once and sends no request', async () => {
    const server = tenants.serve();
    await expect(server.ready()).resolves.toBeUndefined();
    expect([tenants.resolved, tenants.requested]).toEqual([[], []]);
    expect([server.status(), server.snapshot()]).toEqual([{ issuers: [] }, { version: 1, issuers: [] }]);
  });

  it('status() shows the cached resolved issuers and the state of their keys', async () => {
    const server = tenants.serve();
    await verdictOn(server, await tenants.token(1));
    tenants.issuer(0).faults.jwks('down');
    await verdictOn(server, await tenants.token(0));
    expect(server.status().issuers).toHaveLength(2);
    expect(server.status().issuers).toEqual(
      expect.arrayContaining([
        { issuer: tenants.name(1), keys: 'fresh', ageSeconds: 0, fetches: 1 },
        expect.objectContaining({ issuer: tenants.name(0), keys: 'none', fetches: 1, lastError: 'unreachable' }),
      ]),
    );
  });

  it('status() does not show unknown issuers and removed tenants', async () => {
    const server = tenants.serve();
    await verdictOn(server, await tenants.token(0));
    const unknown = 'https://unknown.example';
    await verdictOn(server, await tenants.token(0, { claims: { iss: unknown } }));
    expect(server.status().issuers.map(({ issuer }) => issuer)).toEqual([tenants.name(0)]);
    tenants.answers.delete(tenants.name(0));
    clock.advance(600);
    await verdictOn(server, await tenants.token(0));
    expect([server.status(), server.snapshot()]).toEqual([{ issuers: [] }, { version: 1, issuers: [] }]);
  });

  it('ready() resolves at once if a resolved issuer is unreachable', async () => {
    const server = tenants.serve();
    tenants.issuer(0).faults.jwks('down');
    expect(await verdictOn(server, await tenants.token(0))).toBe('keys_unavailable');
    const fetches = server.status().issuers[0]?.fetches;
    await expect(server.ready()).resolves.toBeUndefined();
    expect(server.status().issuers[0]).toMatchObject({ fetches, keys: 'none' });
  });

  it('status() does not show a resolved issuer after its trusted time', async () => {
    const server = tenants.serve();
    await verdictOn(server, await tenants.token(0));
    clock.advance(600);
    expect([server.status(), server.snapshot()]).toEqual([{ issuers: [] }, { version: 1, issuers: [] }]);
  });
});

describe('the snapshot of a server with resolved issuers', () => {
  it('the snapshot has the keys of each cached resolved issuer', async () => {
    expect(await snapshotOfNow()).toMatchObject({
      version: 1,
      issuers: expect.arrayContaining(
        [0, 1].map((at) => expect.objectContaining({ issuer: tenants.name(at), jwks: jwksOf(tenants.issuer(at)) })),
      ),
    });
  });

  it('a seed replaces the fetch for a resolved issuer, but not the resolver call', async () => {
    const seed = await snapshotOfNow();
    tenants.requested.length = 0;
    tenants.resolved.length = 0;
    const server = tenants.serve({ keys: { seed } });
    expect(await verdictOn(server, await tenants.token(0))).toBe('granted');
    expect([tenants.resolved, tenants.requested]).toEqual([[tenants.name(0)], []]);
  });

  it('a resolver result that is too late does not consume the seed', async () => {
    const seed = await snapshotOfNow();
    let waits = true;
    const resolve = async (iss: string) => {
      if (waits) await new Promise((done) => setTimeout(done, 60));
      return tenants.resolve(iss);
    };
    const server = tenants.serve({ issuer: { resolve }, keys: { seed, timeoutSeconds: 0.02 } });
    expect(await verdictOn(server, await tenants.token(0))).toBe('issuer_unresolved');
    await new Promise((done) => setTimeout(done, 80));
    waits = false;
    tenants.requested.length = 0;
    expect(await verdictOn(server, await tenants.token(0))).toBe('granted');
    expect(tenants.requested).toEqual([]);
  });

  it('a seed does not make an issuer trusted', async () => {
    const seed = await snapshotOfNow();
    tenants.answers.delete(tenants.name(0));
    const server = tenants.serve({ keys: { seed } });
    expect(await verdictOn(server, await tenants.token(0))).toBe('issuer_untrusted');
    expect(await verdictOn(server, await tenants.token(1))).toBe('granted');
    expect(server.status().issuers.map(({ issuer }) => issuer)).toEqual([tenants.name(1)]);
  });
});
