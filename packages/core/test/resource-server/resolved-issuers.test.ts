import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { ResourceServer } from '../../src/resource-server.js';
import { audience, bearer, denialOf, headerOf, jwksOf, nobody, verdict } from '../support-network/ask.js';
import { frozenClock } from '../support-network/frozen-clock.js';
import { startTenants, type Tenants } from '../support-network/tenants.js';

let tenants: Tenants;

beforeEach(async () => {
  tenants = await startTenants(3, { algorithms: ['ES256', 'Ed25519'], audience, clock: frozenClock() });
});

afterEach(() => tenants.close());

async function judged(server: ResourceServer, token: string): Promise<string> {
  return verdict(await server.check(bearer(token)));
}

describe('tenants that are found when a token names them', () => {
  it('are asked about once and fetched once, each for its own tokens', async () => {
    const server = tenants.serve();
    for (const at of [1, 0, 1, 0]) expect(await judged(server, await tenants.token(at))).toBe('granted');
    expect(tenants.resolved).toEqual([tenants.name(1), tenants.name(0)]);
    expect([0, 1, 2].map((at) => tenants.jwksFetches(at))).toEqual([1, 1, 0]);
  });

  it('have keys of their own, given or fetched', async () => {
    tenants.answers.set(tenants.name(0), { issuer: tenants.name(0), jwks: jwksOf(tenants.issuer(0)) });
    const server = tenants.serve();
    expect(await judged(server, await tenants.token(0))).toBe('granted');
    expect(tenants.asked).toEqual([]);
    expect(await judged(server, await tenants.token(1))).toBe('granted');
    expect(tenants.asked).not.toEqual([]);
  });

  it('[RS-8725-3.8-a] the key of one never admits a token that names another, whatever its kid', async () => {
    const server = tenants.serve();
    for (const at of [0, 1]) await judged(server, await tenants.token(at));
    const { kid } = await tenants.issuer(1).keys.current();
    const claims = { iss: tenants.name(1) };
    expect(await judged(server, await tenants.token(0, { claims }))).toBe('key_unknown');
    expect(await judged(server, await tenants.token(0, { claims, header: { kid } }))).toBe('signature_invalid');
    expect(await judged(server, await tenants.token(0, { claims, header: { kid: undefined } }))).toBe(
      'signature_invalid',
    );
    expect(await judged(server, await tenants.token(1))).toBe('granted');
  });

  it('[RS-8725-3.1-c] have algorithms, audience and profile of their own', async () => {
    const say = (at: number, more: object) =>
      tenants.answers.set(tenants.name(at), { issuer: tenants.name(at), ...more });
    say(0, { algorithms: ['ES256'] });
    say(1, { audience: 'https://one.example' });
    say(2, { tokenProfile: 'jwt' });
    const server = tenants.serve();
    const plain = { header: { typ: 'JWT' } };
    const verdicts = (request: object) =>
      Promise.all([0, 1, 2].map(async (at) => judged(server, await tenants.token(at, request))));
    expect(await verdicts({})).toEqual(['granted', 'audience_mismatch', 'granted']);
    expect(await verdicts({ alg: 'Ed25519' })).toEqual(['algorithm_refused', 'audience_mismatch', 'granted']);
    expect(await verdicts({ audience: 'https://one.example' })).toEqual([
      'audience_mismatch',
      'granted',
      'audience_mismatch',
    ]);
    expect(await verdicts(plain)).toEqual(['type_refused', 'type_refused', 'granted']);
  });

  it('an outage of one is none of the other', async () => {
    const server = tenants.serve();
    tenants.issuer(0).faults.jwks('down');
    expect(await judged(server, await tenants.token(0))).toBe('keys_unavailable');
    expect(await judged(server, await tenants.token(1))).toBe('granted');
  });

  it('a stranger is 401, and nothing is fetched', async () => {
    tenants.answers.delete(tenants.name(0));
    const server = tenants.serve();
    expect(await judged(server, await tenants.token(0))).toBe('issuer_untrusted');
    expect(tenants.asked).toEqual([]);
    expect(await judged(server, await tenants.token(1))).toBe('granted');
  });

  it('100 tokens at once are one question and one fetch', async () => {
    const server = tenants.serve();
    const tokens = await Promise.all(Array.from({ length: 100 }, () => tenants.token(0)));
    const verdicts = await Promise.all(tokens.map((token) => judged(server, token)));
    expect(new Set(verdicts)).toEqual(new Set(['granted']));
    expect([tenants.resolved, tenants.jwksFetches(0)]).toEqual([[tenants.name(0)], 1]);
  });
});

describe('the application is not asked', () => {
  const long = `https://tenant-0.example/${'a'.repeat(600)}`.slice(0, 513);

  it.each<[string, unknown, string]>([
    ['http', 'http://tenant-0.example', 'issuer_untrusted'],
    ['a query', 'https://tenant-0.example?a', 'issuer_untrusted'],
    ['a fragment', 'https://tenant-0.example#a', 'issuer_untrusted'],
    ['a user', 'https://u@tenant-0.example', 'issuer_untrusted'],
    ['upper case', 'https://Tenant-0.example', 'issuer_untrusted'],
    ['513 characters', long, 'issuer_untrusted'],
    ['a word', 'tenant-0', 'issuer_untrusted'],
    ['nothing', '', 'issuer_untrusted'],
    ['a number', 5, 'claim_malformed'],
    ['a list', ['https://tenant-0.example'], 'claim_malformed'],
    ['an object', { issuer: 'https://tenant-0.example' }, 'claim_malformed'],
    ['null', null, 'claim_malformed'],
  ])('about an iss with %s: 401', async (_, iss, code) => {
    const server = tenants.serve();
    expect(await judged(server, await tenants.token(0, { claims: { iss } }))).toBe(code);
    expect([tenants.resolved, tenants.asked]).toEqual([[], []]);
    expect(await judged(server, await tenants.token(0))).toBe('granted');
    expect(tenants.resolved).toEqual([tenants.name(0)]);
  });

  it('about one of 512 characters it is', async () => {
    await judged(tenants.serve(), await tenants.token(0, { claims: { iss: long.slice(0, 512) } }));
    expect(tenants.resolved).toHaveLength(1);
  });

  it('about garbage, opaque tokens and no token', async () => {
    const server = tenants.serve({ credentials: 'optional' });
    const { bad } = tenants.issuer(0);
    for (const token of ['garbage', 'a.b.c', await bad.opaque(), `${'a'.repeat(9000)}.b.c`])
      await judged(server, token);
    expect(verdict(await server.check(nobody()))).toBe('granted');
    expect(tenants.resolved).toEqual([]);
  });
});

describe('D-09: optional credentials make nobody of somebody whose issuer cannot be resolved', () => {
  it.each<[string, () => Promise<never>, number, string]>([
    ['throws', () => Promise.reject(new Error('no database')), 500, 'callback_failed'],
    ['does not answer', () => new Promise(() => {}), 503, 'issuer_unresolved'],
  ])('a resolver that %s', async (_, resolve, status, code) => {
    const server = tenants.serve({ issuer: { resolve }, credentials: 'optional', keys: { timeoutSeconds: 0.05 } });
    const denial = denialOf(await server.check(bearer(await tenants.token(0))));
    expect([denial.status, denial.error.code]).toEqual([status, code]);
    expect(headerOf(denial, 'Retry-After')).toBe(status === 503 ? '1' : undefined);
    expect(headerOf(denial, 'WWW-Authenticate')).toBeUndefined();
    expect(await server.check(nobody())).toMatchObject({ granted: true, auth: null });
  });

  it('D-19: one that hangs holds up its own tenant only, and answers again when it does', async () => {
    let isStuck = true;
    const resolve = async (iss: string) =>
      isStuck && iss === tenants.name(0) ? new Promise<never>(() => {}) : tenants.resolve(iss);
    const server = tenants.serve({ issuer: { resolve }, keys: { timeoutSeconds: 0.2 } });
    const [stuck, other] = await Promise.all([tenants.token(0), tenants.token(1)]);
    expect(await Promise.all([judged(server, stuck), judged(server, other)])).toEqual(['issuer_unresolved', 'granted']);
    isStuck = false;
    expect(await judged(server, stuck)).toBe('granted');
  });
});
