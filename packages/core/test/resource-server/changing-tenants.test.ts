import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { KeySnapshot } from '../../src/model/ports.js';
import type { ResourceServer } from '../../src/resource-server.js';
import { audience, bearer, jwksOf, verdict } from '../support-network/ask.js';
import { type FrozenClock, frozenClock } from '../support-network/frozen-clock.js';
import { startTenants, type Tenants } from '../support-network/tenants.js';

let clock: FrozenClock;
let tenants: Tenants;
let server: ResourceServer;

/** Key sets that are fresh for a day, so that nothing but an answer of the application makes anybody fetch. */
beforeEach(async () => {
  clock = frozenClock();
  const jwksCacheControl = 'max-age=86400';
  tenants = await startTenants(2, { algorithms: ['ES256', 'Ed25519'], audience, clock, jwksCacheControl });
});

afterEach(() => tenants.close());

function say(more: object, at = 0): void {
  tenants.answers.set(tenants.name(at), { issuer: tenants.name(at), ...more });
}

/** What a server that trusts this tenant hands on. */
async function snapshotOf(at: number): Promise<KeySnapshot> {
  const other = tenants.serve();
  await other.check(bearer(await tenants.token(at)));
  return other.snapshot();
}

async function judged(token: string): Promise<string> {
  return verdict(await server.check(bearer(token)));
}

describe.each([
  ['with a token cache', undefined],
  ['without one', false],
] as const)('D-24: a tenant that is changed, %s', (_, tokenCache) => {
  beforeEach(() => {
    server = tenants.serve({
      ...(tokenCache === false && { tokenCache }),
      keys: { maxAgeSeconds: 300, cooldownSeconds: 20 },
    });
  });

  it('that is taken away is trusted for keys.maxAgeSeconds, and then no more', async () => {
    const token = await tenants.token(0, { expiresInSeconds: 7200 });
    expect(await judged(token)).toBe('granted');
    tenants.answers.delete(tenants.name(0));
    clock.advance(299.999);
    expect(await judged(token)).toBe('granted');
    clock.advance(0.001);
    expect(await judged(token)).toBe('issuer_untrusted');
    expect(await judged(await tenants.token(1))).toBe('granted');
  });

  it('that is given back is trusted after keys.cooldownSeconds', async () => {
    const token = await tenants.token(0, { expiresInSeconds: 7200 });
    tenants.answers.delete(tenants.name(0));
    expect(await judged(token)).toBe('issuer_untrusted');
    say({});
    clock.advance(19.999);
    expect(await judged(token)).toBe('issuer_untrusted');
    clock.advance(0.001);
    expect(await judged(token)).toBe('granted');
  });

  it.each<[string, object, object, object, string]>([
    ['audience', { audience }, { audience: 'https://other.example' }, {}, 'audience_mismatch'],
    ['algorithms', {}, { algorithms: ['ES256'] }, { alg: 'Ed25519' }, 'algorithm_refused'],
    ['profile', { tokenProfile: 'jwt' }, { tokenProfile: 'rfc9068' }, { header: { typ: 'JWT' } }, 'type_refused'],
  ])('in its %s judges tokens that were admitted before by the new rules', async (__, before, after, request, code) => {
    say(before);
    const token = await tenants.token(0, { expiresInSeconds: 7200, ...request });
    expect(await judged(token)).toBe('granted');
    say(after);
    clock.advance(299.999);
    expect(await judged(token)).toBe('granted');
    clock.advance(0.001);
    expect([await judged(token), await judged(token)]).toEqual([code, code]);
    say(before);
    clock.advance(300);
    expect([await judged(token), await judged(token)]).toEqual(['granted', 'granted']);
  });

  it('in the claims that scopes are read from has other scopes', async () => {
    const token = await tenants.token(0, { scope: 'read', claims: { roles: ['admin'] }, expiresInSeconds: 7200 });
    const scopes = async () => {
      const decision = await server.check(bearer(token));
      return decision.granted ? decision.auth?.scopes : undefined;
    };
    expect([await scopes(), await scopes()]).toEqual([['read'], ['read']]);
    say({ scopeClaims: ['roles'], tokenProfile: 'jwt' });
    clock.advance(300);
    expect([await scopes(), await scopes()]).toEqual([['admin'], ['admin']]);
  });

  it('in its keys accepts those of the new ones alone', async () => {
    say({ jwks: jwksOf(tenants.issuer(0)) });
    const token = await tenants.token(0, { expiresInSeconds: 7200 });
    expect(await judged(token)).toBe('granted');
    say({ jwks: jwksOf(tenants.issuer(1)) });
    clock.advance(300);
    expect(await judged(token)).toBe('key_unknown');
    const other = { claims: { iss: tenants.name(0) } };
    expect(await judged(await tenants.token(1, other))).toBe('granted');
  });

  it('in nothing keeps its keys: it is asked about, and nothing is fetched', async () => {
    say({ audience: [audience, 'https://other.example'], algorithms: ['ES256', 'Ed25519'] });
    const token = await tenants.token(0, { expiresInSeconds: 7200 });
    for (let round = 0; round < 4; round++) {
      expect(await judged(token)).toBe('granted');
      clock.advance(300);
    }
    expect([tenants.resolved.length, tenants.jwksFetches(0)]).toEqual([4, 1]);
    say({ audience: null });
    expect(await judged(token)).toBe('granted');
    // Another rule is no reason to fetch the same keys again.
    expect([tenants.resolved.length, tenants.jwksFetches(0)]).toEqual([5, 1]);
  });

  it('in its rules does not get withdrawn keys back from the seed it began with', async () => {
    server = tenants.serve({ keys: { maxAgeSeconds: 300, cooldownSeconds: 20, seed: await snapshotOf(0) } });
    const token = await tenants.token(0, { expiresInSeconds: 7200 });
    expect(await judged(token)).toBe('granted');
    const { kid } = await tenants.issuer(0).keys.current();
    await tenants.issuer(0).keys.rotate();
    tenants.issuer(0).keys.withdraw(kid);
    expect(await judged(await tenants.token(0))).toBe('granted');
    expect(await judged(token)).toBe('key_unknown');
    say({ audience: [audience, 'https://other.example'] });
    clock.advance(300);
    expect(await judged(token)).toBe('key_unknown');
  });

  it('that was refused meanwhile does not get withdrawn keys back from the seed', async () => {
    server = tenants.serve({ keys: { maxAgeSeconds: 300, cooldownSeconds: 20, seed: await snapshotOf(0) } });
    const token = await tenants.token(0, { expiresInSeconds: 7200 });
    expect(await judged(token)).toBe('granted');
    const { kid } = await tenants.issuer(0).keys.current();
    await tenants.issuer(0).keys.rotate();
    tenants.issuer(0).keys.withdraw(kid);
    expect(await judged(await tenants.token(0))).toBe('granted');
    tenants.answers.delete(tenants.name(0));
    clock.advance(300);
    expect(await judged(token)).toBe('issuer_untrusted');
    say({});
    clock.advance(20);
    expect(await judged(token)).toBe('key_unknown');
    expect(await judged(await tenants.token(0))).toBe('granted');
  });

  it('is asked about again when the wall clock says that its answer is too old', async () => {
    await judged(await tenants.token(0));
    clock.shiftWall(299);
    await judged(await tenants.token(0));
    expect(tenants.resolved).toHaveLength(1);
    clock.shiftWall(1);
    expect(await judged(await tenants.token(0))).toBe('granted');
    expect(tenants.resolved).toHaveLength(2);
    clock.shiftWall(-7200);
    clock.advance(299);
    await judged(await tenants.token(0));
    expect(tenants.resolved).toHaveLength(2);
  });

  it('that is refused between the signature and the status list is refused: its lists are not skipped', async () => {
    server = tenants.serve({
      keys: { maxAgeSeconds: 300, cooldownSeconds: 20 },
      revocation: { statusLists: true },
      tokenCache: false,
    });
    const status = { status_list: { idx: 0, uri: `${tenants.name(0)}/list` } };
    const token = await tenants.token(0, { claims: { status }, expiresInSeconds: 7200 });
    expect(await judged(await tenants.token(0))).toBe('granted');
    const decision = judged(token);
    // The signature is verified in the thread pool; until then the issuer has become untrusted.
    tenants.answers.delete(tenants.name(0));
    clock.advance(300);
    expect(await decision).toBe('issuer_untrusted');
  });

  it('whose resolver fails meanwhile is 500 and not trusted on, and known when it answers again', async () => {
    const token = await tenants.token(0, { expiresInSeconds: 7200 });
    expect(await judged(token)).toBe('granted');
    clock.advance(300);
    tenants.answers.set(tenants.name(0), 'broken');
    expect(await judged(token)).toBe('callback_failed');
    say({});
    expect(await judged(token)).toBe('granted');
    expect(tenants.jwksFetches(0)).toBe(1);
  });
});
