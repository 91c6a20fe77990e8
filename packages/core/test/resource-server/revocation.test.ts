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
  it('refuse a token that was revoked, as soon as the list is over', async () => {
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

  it.each(['invalid', 'suspended', 3] as const)('refuse the status %s', async (status) => {
    const server = serve({ statusLists: true });
    const token = await issuer.token({ status: 'valid' });
    issuer.statusList.set(token, status);
    expect(verdict(await server.check(bearer(token)))).toBe('token_revoked');
    expect(verdict(await server.check(bearer(await issuer.token({ status: 'valid' }))))).toBe('granted');
  });

  it('are not looked at where nobody wants that', async () => {
    const server = serve(undefined);
    const token = await issuer.token({ status: 'valid' });
    issuer.statusList.set(token, 'invalid');
    expect(verdict(await server.check(bearer(token)))).toBe('granted');
    expect(lists()).toBe(0);
  });

  it('are not fetched for a token that refers to none, or that is refused anyway', async () => {
    const server = serve({ statusLists: true });
    expect(verdict(await server.check(bearer(await issuer.token())))).toBe('granted');
    for (const name of ['expired', 'wrongAudience', 'tampered'] as const) {
      expect(verdict(await server.check(bearer(await issuer.bad[name]({ status: 'valid' }))))).not.toBe('granted');
    }
    expect(lists()).toBe(0);
  });

  it('are of the issuer alone: no token sends us elsewhere', async () => {
    const server = serve({ statusLists: true });
    const status = { status_list: { idx: 0, uri: 'http://127.0.0.1:1/lists/1' } };
    const denial = denialOf(await server.check(bearer(await issuer.token({ claims: { status } }))));
    expect([denial.status, denial.error.code]).toEqual([503, 'revocation_unavailable']);
    expect(String(denial.error.cause)).toContain('not among the allowed hosts');
  });

  it.each(['active', 1, null, true, ['status_list'], {}, { state: 'active' }])(
    'are not looked at for a token whose status is another claim: %j',
    async (status) => {
      const server = serve({ statusLists: true });
      expect(verdict(await server.check(bearer(await issuer.token({ claims: { status } }))))).toBe('granted');
      expect(lists()).toBe(0);
    },
  );

  it.each([null, 1, {}, { idx: 0 }, { idx: '0', uri: 'https://a.example' }])(
    'refuse a token whose reference cannot be read: %j',
    async (list) => {
      const server = serve({ statusLists: true });
      const token = await issuer.token({ claims: { status: { status_list: list } } });
      expect(verdict(await server.check(bearer(token)))).toBe('claim_malformed');
      expect(lists()).toBe(0);
    },
  );

  it('are looked at for opaque tokens too', async () => {
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
  ])('that are %s are 503, never 200, and well again after the back-off', async (fault) => {
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
  it('is asked on every request, with a token cache too', async () => {
    const revoked = new Set<string>();
    const server = serve({ isRevoked: ({ token }) => revoked.has(token) });
    const token = await issuer.token();
    expect(verdict(await server.check(bearer(token)))).toBe('granted');
    revoked.add(token);
    expect(verdict(await server.check(bearer(token)))).toBe('token_revoked');
    revoked.clear();
    expect(verdict(await server.check(bearer(token)))).toBe('granted');
  });

  it('is not asked about who is refused anyway, but before what the route needs', async () => {
    let asked = 0;
    const server = serve({ isRevoked: () => ++asked > 1 });
    for (const name of ['expired', 'boundToKey', 'tampered'] as const) {
      await server.check(bearer(await issuer.bad[name]()));
    }
    expect(asked).toBe(0);
    const policy = scope('write');
    const token = await issuer.token({ scope: 'read' });
    expect(verdict(await server.check(bearer(token), { policy }))).toBe('scope_insufficient');
    expect(verdict(await server.check(bearer(token), { policy }))).toBe('token_revoked');
  });

  it('is not asked where a status list has refused already', async () => {
    let asked = 0;
    const server = serve({ statusLists: true, isRevoked: () => ++asked < 0 });
    const token = await issuer.token({ status: 'valid' });
    expect([verdict(await server.check(bearer(token))), asked]).toEqual(['granted', 1]);
    issuer.statusList.set(token, 'invalid');
    issuer.clock.advance(61);
    expect([verdict(await server.check(bearer(token))), asked]).toEqual(['token_revoked', 1]);
  });
});
