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

async function judged(server: ResourceServer, token: string): Promise<string> {
  return verdict(await server.check(bearer(token)));
}

/** What a process that knows both tenants hands to the next, through JSON. */
async function snapshotOfNow(): Promise<KeySnapshot> {
  const server = tenants.serve();
  for (const at of [0, 1]) await judged(server, await tenants.token(at));
  return JSON.parse(JSON.stringify(server.snapshot()));
}

describe('a server whose issuers are resolved', () => {
  it('is ready when nobody is known yet, and asks nobody', async () => {
    const server = tenants.serve();
    await expect(server.ready()).resolves.toBeUndefined();
    expect([tenants.resolved, tenants.asked]).toEqual([[], []]);
    expect([server.status(), server.snapshot()]).toEqual([{ issuers: [] }, { version: 1, issuers: [] }]);
  });

  it('tells of those that are remembered, how it stands with their keys', async () => {
    const server = tenants.serve();
    await judged(server, await tenants.token(1));
    tenants.issuer(0).faults.jwks('down');
    await judged(server, await tenants.token(0));
    expect(server.status().issuers).toHaveLength(2);
    expect(server.status().issuers).toEqual(
      expect.arrayContaining([
        { issuer: tenants.name(1), keys: 'fresh', ageSeconds: 0, fetches: 1 },
        expect.objectContaining({ issuer: tenants.name(0), keys: 'none', fetches: 1, lastError: 'unreachable' }),
      ]),
    );
  });

  it('tells nothing of strangers, and no more of a tenant that was taken away', async () => {
    const server = tenants.serve();
    await judged(server, await tenants.token(0));
    const stranger = 'https://stranger.example';
    await judged(server, await tenants.token(0, { claims: { iss: stranger } }));
    expect(server.status().issuers.map(({ issuer }) => issuer)).toEqual([tenants.name(0)]);
    tenants.answers.delete(tenants.name(0));
    clock.advance(600);
    await judged(server, await tenants.token(0));
    expect([server.status(), server.snapshot()]).toEqual([{ issuers: [] }, { version: 1, issuers: [] }]);
  });

  it('is ready at once, whoever is out of reach: no tenant makes the others wait', async () => {
    const server = tenants.serve();
    tenants.issuer(0).faults.jwks('down');
    expect(await judged(server, await tenants.token(0))).toBe('keys_unavailable');
    const fetches = server.status().issuers[0]?.fetches;
    await expect(server.ready()).resolves.toBeUndefined();
    expect(server.status().issuers[0]).toMatchObject({ fetches, keys: 'none' });
  });

  it('forgets in its status whom nobody vouches for any more', async () => {
    const server = tenants.serve();
    await judged(server, await tenants.token(0));
    clock.advance(600);
    expect([server.status(), server.snapshot()]).toEqual([{ issuers: [] }, { version: 1, issuers: [] }]);
  });
});

describe('the snapshot of a server whose issuers are resolved', () => {
  it('has the keys of each that is remembered and publishes them', async () => {
    expect(await snapshotOfNow()).toMatchObject({
      version: 1,
      issuers: expect.arrayContaining(
        [0, 1].map((at) => expect.objectContaining({ issuer: tenants.name(at), jwks: jwksOf(tenants.issuer(at)) })),
      ),
    });
  });

  it('saves the next process the fetch, but not the question', async () => {
    const seed = await snapshotOfNow();
    tenants.asked.length = 0;
    tenants.resolved.length = 0;
    const server = tenants.serve({ keys: { seed } });
    expect(await judged(server, await tenants.token(0))).toBe('granted');
    expect([tenants.resolved, tenants.asked]).toEqual([[tenants.name(0)], []]);
  });

  it('is there for the answer that counts: one that comes too late does not use it up', async () => {
    const seed = await snapshotOfNow();
    let waits = true;
    const resolve = async (iss: string) => {
      if (waits) await new Promise((done) => setTimeout(done, 60));
      return tenants.resolve(iss);
    };
    const server = tenants.serve({ issuer: { resolve }, keys: { seed, timeoutSeconds: 0.02 } });
    expect(await judged(server, await tenants.token(0))).toBe('issuer_unresolved');
    await new Promise((done) => setTimeout(done, 80));
    waits = false;
    tenants.asked.length = 0;
    expect(await judged(server, await tenants.token(0))).toBe('granted');
    expect(tenants.asked).toEqual([]);
  });

  it('makes nobody trusted', async () => {
    const seed = await snapshotOfNow();
    tenants.answers.delete(tenants.name(0));
    const server = tenants.serve({ keys: { seed } });
    expect(await judged(server, await tenants.token(0))).toBe('issuer_untrusted');
    expect(await judged(server, await tenants.token(1))).toBe('granted');
    expect(server.status().issuers.map(({ issuer }) => issuer)).toEqual([tenants.name(1)]);
  });
});
