import { createMockIssuer, type MockIssuer, type StatusListFault } from '@resource-server/mock-issuer';
import { afterEach, beforeEach, describe, expect, it, onTestFinished } from 'vitest';
import type { ResourceServerOptions } from '../../src/options/resource-server-options.js';
import { scope } from '../../src/policy/policies.js';
import { audience, bearer, denialOf, headerOf, serverOf, verdict } from '../support-network/ask.js';
import { introspecting } from '../support-network/introspecting.js';

let issuer: MockIssuer;

beforeEach(async () => {
  issuer = await createMockIssuer({ alg: 'ES256', audience, statusList: { ttlSeconds: 60 } });
});

afterEach(() => issuer.close());

function serve(revocation: ResourceServerOptions['revocation']) {
  const server = serverOf(issuer, revocation === undefined ? {} : { revocation });
  onTestFinished(() => server.close());
  return server;
}

const lists = () => issuer.requests.count('statusList');

describe('status lists', () => {
  it('a revoked token is refused as soon as the cached status list has expired', async () => {
    const server = serve({ statusLists: true });
    const token = await issuer.token({ status: 'valid' });
    expect(verdict(await server.check(bearer(token)))).toBe('granted');
    issuer.statusList.set(token, 'invalid');
    expect(verdict(await server.check(bearer(token)))).toBe('granted');
    issuer.clock.advance(61);
    const denial = denialOf(await server.check(bearer(token)));
    expect([denial.status, denial.error.code]).toEqual([401, 'token_revoked']);
    expect(headerOf(denial, 'WWW-Authenticate')).toContain('error="invalid_token"');
    expect(lists()).toBe(2);
  });

  it.each(['invalid', 'suspended', 3] as const)('a token with the status %s is refused', async (status) => {
    const server = serve({ statusLists: true });
    const token = await issuer.token({ status: 'valid' });
    issuer.statusList.set(token, status);
    expect(verdict(await server.check(bearer(token)))).toBe('token_revoked');
    expect(verdict(await server.check(bearer(await issuer.token({ status: 'valid' }))))).toBe('granted');
  });

  it('status lists are not fetched without the option statusLists', async () => {
    const server = serve(undefined);
    const token = await issuer.token({ status: 'valid' });
    issuer.statusList.set(token, 'invalid');
    expect(verdict(await server.check(bearer(token)))).toBe('granted');
    expect(lists()).toBe(0);
  });

  it('status lists are not fetched for a token without reference or that is refused before', async () => {
    const server = serve({ statusLists: true });
    expect(verdict(await server.check(bearer(await issuer.token())))).toBe('granted');
    for (const name of ['expired', 'wrongAudience', 'tampered'] as const) {
      expect(verdict(await server.check(bearer(await issuer.bad[name]({ status: 'valid' }))))).not.toBe('granted');
    }
    expect(lists()).toBe(0);
  });

  it('a status list on a host outside the issuer causes a 503 response without a fetch', async () => {
    const server = serve({ statusLists: true });
    const status = { status_list: { idx: 0, uri: 'http://127.0.0.1:1/lists/1' } };
    const denial = denialOf(await server.check(bearer(await issuer.token({ claims: { status } }))));
    expect([denial.status, denial.error.code]).toEqual([503, 'revocation_unavailable']);
    expect(String(denial.error.cause)).toContain('not among the allowed hosts');
  });

  it.each(['active', 1, null, true, ['status_list'], {}, { state: 'active' }])(
    'a status claim that is not a status list reference is ignored: %j',
    async (status) => {
      const server = serve({ statusLists: true });
      expect(verdict(await server.check(bearer(await issuer.token({ claims: { status } }))))).toBe('granted');
      expect(lists()).toBe(0);
    },
  );

  it.each([null, 1, {}, { idx: 0 }, { idx: '0', uri: 'https://a.example' }])(
    'an invalid status list reference is refused with claim_malformed: %j',
    async (list) => {
      const server = serve({ statusLists: true });
      const token = await issuer.token({ claims: { status: { status_list: list } } });
      expect(verdict(await server.check(bearer(token)))).toBe('claim_malformed');
      expect(lists()).toBe(0);
    },
  );

  it('status lists are checked for opaque tokens too', async () => {
    const server = introspecting(issuer, { revocation: { statusLists: true } });
    const token = await issuer.token({ format: 'opaque', status: 'valid' });
    expect(verdict(await server.check(bearer(token)))).toBe('granted');
    expect(lists()).toBe(1);
  });

  it.each<StatusListFault>([
    'down',
    '500',
    '429',
    '503',
    'huge',
    'redirect',
    'html',
    'gzip',
    'wrongSubject',
    'expired',
    'badZlib',
    'bomb',
    'wrongTyp',
    'wrongBits',
    'otherKey',
    'hmac',
  ])('a status list with the fault %s causes a 503 response, and works after the back-off', async (fault) => {
    const server = serve({ statusLists: true });
    const token = await issuer.token({ status: 'valid', expiresInSeconds: 600 });
    issuer.faults.statusList(fault);
    const denial = denialOf(await server.check(bearer(token)));
    expect([denial.status, denial.error.code]).toEqual([503, 'revocation_unavailable']);
    expect(Number(headerOf(denial, 'Retry-After'))).toBeGreaterThanOrEqual(1);
    expect(issuer.requests.count('decoy')).toBe(0);
    expect(verdict(await server.check(bearer(await issuer.token())))).toBe('granted');
    issuer.faults.clear();
    issuer.clock.advance(31);
    expect(verdict(await server.check(bearer(token)))).toBe('granted');
  });
});

describe('isRevoked', () => {
  it('isRevoked is called on every request, also with a token cache', async () => {
    const revoked = new Set<string>();
    const server = serve({ isRevoked: ({ token }) => revoked.has(token) });
    const token = await issuer.token();
    expect(verdict(await server.check(bearer(token)))).toBe('granted');
    revoked.add(token);
    expect(verdict(await server.check(bearer(token)))).toBe('token_revoked');
    revoked.clear();
    expect(verdict(await server.check(bearer(token)))).toBe('granted');
  });

  it('isRevoked is called after the token checks and before the policy', async () => {
    let calls = 0;
    const server = serve({ isRevoked: () => ++calls > 1 });
    for (const name of ['expired', 'boundToKey', 'tampered'] as const) {
      await server.check(bearer(await issuer.bad[name]()));
    }
    expect(calls).toBe(0);
    const policy = scope('write');
    const token = await issuer.token({ scope: 'read' });
    expect(verdict(await server.check(bearer(token), { policy }))).toBe('scope_insufficient');
    expect(verdict(await server.check(bearer(token), { policy }))).toBe('token_revoked');
  });

  it('isRevoked is not called for a token that a status list refused', async () => {
    let calls = 0;
    const server = serve({ statusLists: true, isRevoked: () => ++calls < 0 });
    const token = await issuer.token({ status: 'valid' });
    expect([verdict(await server.check(bearer(token))), calls]).toEqual(['granted', 1]);
    issuer.statusList.set(token, 'invalid');
    issuer.clock.advance(61);
    expect([verdict(await server.check(bearer(token))), calls]).toEqual(['token_revoked', 1]);
  });
});
