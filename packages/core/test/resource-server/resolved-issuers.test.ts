import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { ResourceServer } from '../../src/resource-server.js';
import { anonymous, audience, bearer, denialOf, headerOf, jwksOf, verdict } from '../support-network/ask.js';
import { frozenClock } from '../support-network/frozen-clock.js';
import { startTenants, type Tenants } from '../support-network/tenants.js';

let tenants: Tenants;

beforeEach(async () => {
  tenants = await startTenants(3, { algorithms: ['ES256', 'Ed25519'], audience, clock: frozenClock() });
});

afterEach(() => tenants.close());

async function verdictOn(server: ResourceServer, token: string): Promise<string> {
  return verdict(await server.check(bearer(token)));
}

describe('resolved issuers, for a server with many tenants', () => {
  it('a resolved issuer is resolved once and fetched once, for its own tokens', async () => {
    const server = tenants.serve();
    for (const at of [1, 0, 1, 0]) expect(await verdictOn(server, await tenants.token(at))).toBe('granted');
    expect(tenants.resolved).toEqual([tenants.name(1), tenants.name(0)]);
    expect([0, 1, 2].map((at) => tenants.jwksFetches(at))).toEqual([1, 1, 0]);
  });

  it('each resolved issuer has its own keys, static or fetched', async () => {
    tenants.answers.set(tenants.name(0), { issuer: tenants.name(0), jwks: jwksOf(tenants.issuer(0)) });
    const server = tenants.serve();
    expect(await verdictOn(server, await tenants.token(0))).toBe('granted');
    expect(tenants.requested).toEqual([]);
    expect(await verdictOn(server, await tenants.token(1))).toBe('granted');
    expect(tenants.requested).not.toEqual([]);
  });

  it('a key of one resolved issuer does not verify tokens of another, for any kid [RS-8725-3.8-a]', async () => {
    const server = tenants.serve();
    for (const at of [0, 1]) await verdictOn(server, await tenants.token(at));
    const { kid } = await tenants.issuer(1).keys.current();
    const claims = { iss: tenants.name(1) };
    expect(await verdictOn(server, await tenants.token(0, { claims }))).toBe('key_unknown');
    expect(await verdictOn(server, await tenants.token(0, { claims, header: { kid } }))).toBe('signature_invalid');
    expect(await verdictOn(server, await tenants.token(0, { claims, header: { kid: undefined } }))).toBe(
      'signature_invalid',
    );
    expect(await verdictOn(server, await tenants.token(1))).toBe('granted');
  });

  it('each resolved issuer has its own algorithms, audience and profile [RS-8725-3.1-c]', async () => {
    const configure = (at: number, more: object) =>
      tenants.answers.set(tenants.name(at), { issuer: tenants.name(at), ...more });
    configure(0, { algorithms: ['ES256'] });
    configure(1, { audience: 'https://one.example' });
    configure(2, { tokenProfile: 'jwt' });
    const server = tenants.serve();
    const plain = { header: { typ: 'JWT' } };
    const verdicts = (request: object) =>
      Promise.all([0, 1, 2].map(async (at) => verdictOn(server, await tenants.token(at, request))));
    expect(await verdicts({})).toEqual(['granted', 'audience_mismatch', 'granted']);
    expect(await verdicts({ alg: 'Ed25519' })).toEqual(['algorithm_refused', 'audience_mismatch', 'granted']);
    expect(await verdicts({ audience: 'https://one.example' })).toEqual([
      'audience_mismatch',
      'granted',
      'audience_mismatch',
    ]);
    expect(await verdicts(plain)).toEqual(['type_refused', 'type_refused', 'granted']);
  });

  it('an outage of one resolved issuer does not affect another', async () => {
    const server = tenants.serve();
    tenants.issuer(0).faults.jwks('down');
    expect(await verdictOn(server, await tenants.token(0))).toBe('keys_unavailable');
    expect(await verdictOn(server, await tenants.token(1))).toBe('granted');
  });

  it('an unknown issuer causes a 401 response, and nothing is fetched', async () => {
    tenants.answers.delete(tenants.name(0));
    const server = tenants.serve();
    expect(await verdictOn(server, await tenants.token(0))).toBe('issuer_untrusted');
    expect(tenants.requested).toEqual([]);
    expect(await verdictOn(server, await tenants.token(1))).toBe('granted');
  });

  it('100 concurrent tokens of one issuer cause one resolver call and one fetch', async () => {
    const server = tenants.serve();
    const tokens = await Promise.all(Array.from({ length: 100 }, () => tenants.token(0)));
    const verdicts = await Promise.all(tokens.map((token) => verdictOn(server, token)));
    expect(new Set(verdicts)).toEqual(new Set(['granted']));
    expect([tenants.resolved, tenants.jwksFetches(0)]).toEqual([[tenants.name(0)], 1]);
  });
});

describe('tokens for which the resolver is not called', () => {
  const long = `https://tenant-0.example/${'a'.repeat(600)}`.slice(0, 513);

  it.each<[string, unknown, string]>([
    ['http', 'http://tenant-0.example', 'issuer_untrusted'],
    ['a query', 'https://tenant-0.example?a', 'issuer_untrusted'],
    ['a fragment', 'https://tenant-0.example#a', 'issuer_untrusted'],
    ['a user', 'https://u@tenant-0.example', 'issuer_untrusted'],
    ['upper case', 'https://Tenant-0.example', 'issuer_untrusted'],
    ['513 characters', long, 'issuer_untrusted'],
    ['a word', 'tenant-0', 'issuer_untrusted'],
    ['an empty string', '', 'issuer_untrusted'],
    ['a number', 5, 'claim_malformed'],
    ['a list', ['https://tenant-0.example'], 'claim_malformed'],
    ['an object', { issuer: 'https://tenant-0.example' }, 'claim_malformed'],
    ['null', null, 'claim_malformed'],
  ])('an iss with %s causes a 401 response without a call of the resolver', async (_, iss, code) => {
    const server = tenants.serve();
    expect(await verdictOn(server, await tenants.token(0, { claims: { iss } }))).toBe(code);
    expect([tenants.resolved, tenants.requested]).toEqual([[], []]);
    expect(await verdictOn(server, await tenants.token(0))).toBe('granted');
    expect(tenants.resolved).toEqual([tenants.name(0)]);
  });

  it('the resolver is called for an iss of 512 characters', async () => {
    await verdictOn(tenants.serve(), await tenants.token(0, { claims: { iss: long.slice(0, 512) } }));
    expect(tenants.resolved).toHaveLength(1);
  });

  it('the resolver is not called for malformed tokens, opaque tokens and anonymous requests', async () => {
    const server = tenants.serve({ credentials: 'optional' });
    const { bad } = tenants.issuer(0);
    for (const token of ['garbage', 'a.b.c', await bad.opaque(), `${'a'.repeat(9000)}.b.c`])
      await verdictOn(server, token);
    expect(verdict(await server.check(anonymous()))).toBe('granted');
    expect(tenants.resolved).toEqual([]);
  });
});

describe('failing resolvers with optional credentials (D-09)', () => {
  it.each<[string, () => Promise<never>, number, string]>([
    ['throws', () => Promise.reject(new Error('no database')), 500, 'callback_failed'],
    ['does not answer', () => new Promise(() => {}), 503, 'issuer_unresolved'],
  ])(
    'with optional credentials a resolver that %s is an error, not an anonymous request (D-09)',
    async (_, resolve, status, code) => {
      const server = tenants.serve({ issuer: { resolve }, credentials: 'optional', keys: { timeoutSeconds: 0.05 } });
      const denial = denialOf(await server.check(bearer(await tenants.token(0))));
      expect([denial.status, denial.error.code]).toEqual([status, code]);
      expect(headerOf(denial, 'Retry-After')).toBe(status === 503 ? '1' : undefined);
      expect(headerOf(denial, 'WWW-Authenticate')).toBeUndefined();
      expect(await server.check(anonymous())).toMatchObject({ granted: true, auth: null });
    },
  );

  it('a resolver that hangs for one tenant does not delay the others (D-19)', async () => {
    let isStuck = true;
    const resolve = async (iss: string) =>
      isStuck && iss === tenants.name(0) ? new Promise<never>(() => {}) : tenants.resolve(iss);
    const server = tenants.serve({ issuer: { resolve }, keys: { timeoutSeconds: 0.2 } });
    const [stuck, other] = await Promise.all([tenants.token(0), tenants.token(1)]);
    expect(await Promise.all([verdictOn(server, stuck), verdictOn(server, other)])).toEqual([
      'issuer_unresolved',
      'granted',
    ]);
    isStuck = false;
    expect(await verdictOn(server, stuck)).toBe('granted');
  });
});
