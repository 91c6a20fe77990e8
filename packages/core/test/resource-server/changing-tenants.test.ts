import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { KeySnapshot } from '../../src/model/ports.js';
import type { ResourceServer } from '../../src/resource-server.js';
import { audience, bearer, jwksOf, verdict } from '../support-network/ask.js';
import { type FrozenClock, frozenClock } from '../support-network/frozen-clock.js';
import { startTenants, type Tenants } from '../support-network/tenants.js';

let clock: FrozenClock;
let tenants: Tenants;
let server: ResourceServer;

/** Key sets are fresh for a day, so only a changed answer of the application causes a fetch. */
beforeEach(async () => {
  clock = frozenClock();
  const jwksCacheControl = 'max-age=86400';
  tenants = await startTenants(2, { algorithms: ['ES256', 'Ed25519'], audience, clock, jwksCacheControl });
});

afterEach(() => tenants.close());

function configure(more: object, at = 0): void {
  tenants.answers.set(tenants.name(at), { issuer: tenants.name(at), ...more });
}

/** The snapshot of a server that trusts this tenant. */
async function snapshotOf(at: number): Promise<KeySnapshot> {
  const other = tenants.serve();
  await other.check(bearer(await tenants.token(at)));
  return other.snapshot();
}

async function verdictOn(token: string): Promise<string> {
  return verdict(await server.check(bearer(token)));
}

describe.each([
  ['with a token cache', undefined],
  ['without a token cache', false],
] as const)('tenants whose settings change, %s (D-24)', (_, tokenCache) => {
  beforeEach(() => {
    server = tenants.serve({
      ...(tokenCache === false && { tokenCache }),
      keys: { maxAgeSeconds: 300, cooldownSeconds: 20 },
    });
  });

  it('a removed tenant is trusted until keys.maxAgeSeconds have passed', async () => {
    const token = await tenants.token(0, { expiresInSeconds: 7200 });
    expect(await verdictOn(token)).toBe('granted');
    tenants.answers.delete(tenants.name(0));
    clock.advance(299.999);
    expect(await verdictOn(token)).toBe('granted');
    clock.advance(0.001);
    expect(await verdictOn(token)).toBe('issuer_untrusted');
    expect(await verdictOn(await tenants.token(1))).toBe('granted');
  });

  it('a tenant that was refused is trusted again after keys.cooldownSeconds', async () => {
    const token = await tenants.token(0, { expiresInSeconds: 7200 });
    tenants.answers.delete(tenants.name(0));
    expect(await verdictOn(token)).toBe('issuer_untrusted');
    configure({});
    clock.advance(19.999);
    expect(await verdictOn(token)).toBe('issuer_untrusted');
    clock.advance(0.001);
    expect(await verdictOn(token)).toBe('granted');
  });

  it.each<[string, object, object, object, string]>([
    ['audience', { audience }, { audience: 'https://other.example' }, {}, 'audience_mismatch'],
    ['algorithms', {}, { algorithms: ['ES256'] }, { alg: 'Ed25519' }, 'algorithm_refused'],
    ['profile', { tokenProfile: 'jwt' }, { tokenProfile: 'rfc9068' }, { header: { typ: 'JWT' } }, 'type_refused'],
  ])(
    'a changed %s of a tenant applies to tokens that were accepted before',
    async (__, before, after, request, code) => {
      configure(before);
      const token = await tenants.token(0, { expiresInSeconds: 7200, ...request });
      expect(await verdictOn(token)).toBe('granted');
      configure(after);
      clock.advance(299.999);
      expect(await verdictOn(token)).toBe('granted');
      clock.advance(0.001);
      expect([await verdictOn(token), await verdictOn(token)]).toEqual([code, code]);
      configure(before);
      clock.advance(300);
      expect([await verdictOn(token), await verdictOn(token)]).toEqual(['granted', 'granted']);
    },
  );

  it('changed scopeClaims of a tenant apply to tokens that were accepted before', async () => {
    const token = await tenants.token(0, { scope: 'read', claims: { roles: ['admin'] }, expiresInSeconds: 7200 });
    const scopes = async () => {
      const decision = await server.check(bearer(token));
      return decision.granted ? decision.auth?.scopes : undefined;
    };
    expect([await scopes(), await scopes()]).toEqual([['read'], ['read']]);
    configure({ scopeClaims: ['roles'], tokenProfile: 'jwt' });
    clock.advance(300);
    expect([await scopes(), await scopes()]).toEqual([['admin'], ['admin']]);
  });

  it('after a change of jwks only tokens signed with the new keys are accepted', async () => {
    configure({ jwks: jwksOf(tenants.issuer(0)) });
    const token = await tenants.token(0, { expiresInSeconds: 7200 });
    expect(await verdictOn(token)).toBe('granted');
    configure({ jwks: jwksOf(tenants.issuer(1)) });
    clock.advance(300);
    expect(await verdictOn(token)).toBe('key_unknown');
    const other = { claims: { iss: tenants.name(0) } };
    expect(await verdictOn(await tenants.token(1, other))).toBe('granted');
  });

  it('a tenant whose keys did not change is resolved again without a fetch', async () => {
    configure({ audience: [audience, 'https://other.example'], algorithms: ['ES256', 'Ed25519'] });
    const token = await tenants.token(0, { expiresInSeconds: 7200 });
    for (let round = 0; round < 4; round++) {
      expect(await verdictOn(token)).toBe('granted');
      clock.advance(300);
    }
    expect([tenants.resolved.length, tenants.jwksFetches(0)]).toEqual([4, 1]);
    configure({ audience: null });
    expect(await verdictOn(token)).toBe('granted');
    // A changed rule does not cause another fetch of the same keys.
    expect([tenants.resolved.length, tenants.jwksFetches(0)]).toEqual([5, 1]);
  });

  it('changed rules of a tenant do not restore withdrawn keys from the seed', async () => {
    server = tenants.serve({ keys: { maxAgeSeconds: 300, cooldownSeconds: 20, seed: await snapshotOf(0) } });
    const token = await tenants.token(0, { expiresInSeconds: 7200 });
    expect(await verdictOn(token)).toBe('granted');
    const { kid } = await tenants.issuer(0).keys.current();
    await tenants.issuer(0).keys.rotate();
    tenants.issuer(0).keys.withdraw(kid);
    expect(await verdictOn(await tenants.token(0))).toBe('granted');
    expect(await verdictOn(token)).toBe('key_unknown');
    configure({ audience: [audience, 'https://other.example'] });
    clock.advance(300);
    expect(await verdictOn(token)).toBe('key_unknown');
  });

  it('a tenant that was refused in between does not get withdrawn keys from the seed', async () => {
    server = tenants.serve({ keys: { maxAgeSeconds: 300, cooldownSeconds: 20, seed: await snapshotOf(0) } });
    const token = await tenants.token(0, { expiresInSeconds: 7200 });
    expect(await verdictOn(token)).toBe('granted');
    const { kid } = await tenants.issuer(0).keys.current();
    await tenants.issuer(0).keys.rotate();
    tenants.issuer(0).keys.withdraw(kid);
    expect(await verdictOn(await tenants.token(0))).toBe('granted');
    tenants.answers.delete(tenants.name(0));
    clock.advance(300);
    expect(await verdictOn(token)).toBe('issuer_untrusted');
    configure({});
    clock.advance(20);
    expect(await verdictOn(token)).toBe('key_unknown');
    expect(await verdictOn(await tenants.token(0))).toBe('granted');
  });

  it('a tenant is resolved again when the wall clock shows that the answer is too old', async () => {
    await verdictOn(await tenants.token(0));
    clock.shiftWall(299);
    await verdictOn(await tenants.token(0));
    expect(tenants.resolved).toHaveLength(1);
    clock.shiftWall(1);
    expect(await verdictOn(await tenants.token(0))).toBe('granted');
    expect(tenants.resolved).toHaveLength(2);
    clock.shiftWall(-7200);
    clock.advance(299);
    await verdictOn(await tenants.token(0));
    expect(tenants.resolved).toHaveLength(2);
  });

  it('a tenant that becomes untrusted after the signature check is refused before its status list', async () => {
    server = tenants.serve({
      keys: { maxAgeSeconds: 300, cooldownSeconds: 20 },
      revocation: { statusLists: true },
      tokenCache: false,
    });
    const status = { status_list: { idx: 0, uri: `${tenants.name(0)}/list` } };
    const token = await tenants.token(0, { claims: { status }, expiresInSeconds: 7200 });
    expect(await verdictOn(await tenants.token(0))).toBe('granted');
    const decision = verdictOn(token);
    // The signature is verified in the thread pool. Before that ends, the issuer has become
    // untrusted.
    tenants.answers.delete(tenants.name(0));
    clock.advance(300);
    expect(await decision).toBe('issuer_untrusted');
  });

  it('a failing resolver causes a 500 response, and afterwards the tenant is accepted with its cached keys', async () => {
    const token = await tenants.token(0, { expiresInSeconds: 7200 });
    expect(await verdictOn(token)).toBe('granted');
    clock.advance(300);
    tenants.answers.set(tenants.name(0), 'broken');
    expect(await verdictOn(token)).toBe('callback_failed');
    configure({});
    expect(await verdictOn(token)).toBe('granted');
    expect(tenants.jwksFetches(0)).toBe(1);
  });
});
