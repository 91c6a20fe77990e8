import { createMockIssuer, type MockIssuer } from '@resource-server/mock-issuer';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { ConfigurationError } from '../../src/errors.js';
import { scope, where } from '../../src/policy/policies.js';
import type { ResourceServer } from '../../src/resource-server.js';
import { authOf, denialOf, headerOf, nobody, offlineServerOf, verdict } from '../support-network/ask.js';

let issuer: MockIssuer;
let server: ResourceServer;
let token: string;

beforeAll(async () => {
  issuer = await createMockIssuer({ alg: 'ES256' });
  server = offlineServerOf(issuer, { scopeImplies: { admin: ['write'], write: ['read'] } });
  token = await issuer.token({ scope: 'read' });
});

afterAll(() => issuer.close());

const readsUrl = where('mine', (_, { url }) => url === '/mine');

describe('checkToken', () => {
  it('admits a bearer token and judges a policy for it', async () => {
    expect(authOf(await server.checkToken(token))).toMatchObject({ scheme: 'Bearer', scopes: ['read'] });
    expect(verdict(await server.checkToken(token, { policy: scope('read') }))).toBe('granted');
    expect(verdict(await server.checkToken(token, { policy: scope('write') }))).toBe('scope_insufficient');
  });

  it('D-25: refuses a token that is bound to a key', async () => {
    expect(verdict(await server.checkToken(await issuer.bad.boundToKey()))).toBe('binding_unsupported');
  });

  it.each([undefined, null, '', 7, {}, ['x'], Buffer.from('x')])('takes %j for no token: 401', async (value) => {
    const denial = denialOf(await server.checkToken(value as unknown as string, { policy: scope('read') }));
    expect(denial.error.code).toBe('credentials_missing');
    expect(headerOf(denial, 'WWW-Authenticate')).toBe('Bearer realm="api", scope="read"');
  });

  it('is not optional where credentials are', async () => {
    const optional = offlineServerOf(issuer, { credentials: 'optional' });
    expect(verdict(await optional.checkToken(''))).toBe('credentials_missing');
    expect(verdict(await optional.checkToken(token))).toBe('granted');
  });

  it.each([
    [(text: string) => `Bearer ${text}`, 'a scheme'],
    [(text: string) => ` ${text}`, 'a space'],
    [(text: string) => `${text}\r\n`, 'a line break'],
    [(text: string) => `"${text}"`, 'quotes'],
    [(text: string) => `${text}\u00e9`, 'what is not ASCII'],
  ])('refuses what is no token68 as malformed, not as a request: 401', async (spoil) => {
    const denial = denialOf(await server.checkToken(spoil(token)));
    expect([denial.status, denial.error.code]).toEqual([401, 'token_malformed']);
  });

  it('shows no request to a condition: one that looks is 500', async () => {
    expect(verdict(await server.checkToken(token, { policy: readsUrl }))).toBe('callback_failed');
    const blind = where('reader', (auth) => auth.hasScope('read'));
    expect(verdict(await server.checkToken(token, { policy: blind }))).toBe('granted');
  });
});

describe('authorize', () => {
  it('judges a policy for whom was admitted before', async () => {
    const auth = authOf(await server.checkToken(token));
    expect(authOf(await server.authorize(auth, scope('read')))).toBe(auth);
    const denial = denialOf(await server.authorize(auth, scope('write')));
    expect([denial.status, headerOf(denial, 'WWW-Authenticate')]).toEqual([
      403,
      'Bearer realm="api", error="insufficient_scope", ' +
        'error_description="The access token does not allow this", scope="write"',
    ]);
  });

  it('shows its condition the request, and without one is 500 when it looks', async () => {
    const auth = authOf(await server.checkToken(token));
    expect(verdict(await server.authorize(auth, readsUrl, nobody({ url: '/mine' })))).toBe('granted');
    expect(verdict(await server.authorize(auth, readsUrl, nobody({ url: '/theirs' })))).toBe('claim_insufficient');
    expect(verdict(await server.authorize(auth, readsUrl))).toBe('callback_failed');
  });

  it('a policy that is none is an error of the options', async () => {
    const auth = authOf(await server.checkToken(token));
    await expect(server.authorize(auth, { kind: 'role' } as never)).rejects.toThrow(ConfigurationError);
    await expect(server.checkToken(token, { policy: { kind: 'role' } as never })).rejects.toThrow(ConfigurationError);
  });

  it('gives nobody the rights of somebody: what an optional gate admitted may be null', async () => {
    for (const nobodys of [null, undefined, 'ada', 7, Promise.resolve(null)]) {
      const denial = denialOf(
        await server.authorize(
          nobodys as never,
          where('always', () => true),
        ),
      );
      expect([denial.status, denial.error.code]).toEqual([500, 'internal_failure']);
    }
  });
});

describe('implied scopes', () => {
  it('count through every step, and never the other way', async () => {
    const admin = await issuer.token({ scope: 'admin' });
    expect(verdict(await server.checkToken(admin, { policy: scope('admin', 'write', 'read') }))).toBe('granted');
    expect(authOf(await server.checkToken(admin)).scopes).toEqual(['admin']);
    expect(verdict(await server.checkToken(token, { policy: scope('admin') }))).toBe('scope_insufficient');
  });
});
