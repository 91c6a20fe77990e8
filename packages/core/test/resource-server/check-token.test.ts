import { createMockIssuer, type MockIssuer } from '@resource-server/mock-issuer';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { ConfigurationError } from '../../src/errors.js';
import { scope, where } from '../../src/policy/policies.js';
import type { ResourceServer } from '../../src/resource-server.js';
import { anonymous, authOf, denialOf, headerOf, offlineServerOf, verdict } from '../support-network/ask.js';

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
  it('checkToken accepts a bearer token and evaluates a policy for it', async () => {
    expect(authOf(await server.checkToken(token))).toMatchObject({ scheme: 'Bearer', scopes: ['read'] });
    expect(verdict(await server.checkToken(token, { policy: scope('read') }))).toBe('granted');
    expect(verdict(await server.checkToken(token, { policy: scope('write') }))).toBe('scope_insufficient');
  });

  it('checkToken refuses a token that is bound to a key (D-25)', async () => {
    expect(verdict(await server.checkToken(await issuer.bad.boundToKey()))).toBe('binding_unsupported');
  });

  it.each([undefined, null, '', 7, {}, ['x'], Buffer.from('x')])(
    'checkToken(%j) is answered with 401 credentials_missing',
    async (value) => {
      const denial = denialOf(await server.checkToken(value as unknown as string, { policy: scope('read') }));
      expect(denial.error.code).toBe('credentials_missing');
      expect(headerOf(denial, 'WWW-Authenticate')).toBe('Bearer realm="api", scope="read"');
    },
  );

  it('checkToken requires a token, also with optional credentials', async () => {
    const optional = offlineServerOf(issuer, { credentials: 'optional' });
    expect(verdict(await optional.checkToken(''))).toBe('credentials_missing');
    expect(verdict(await optional.checkToken(token))).toBe('granted');
  });

  it.each([
    [(text: string) => `Bearer ${text}`, 'a scheme'],
    [(text: string) => ` ${text}`, 'a space'],
    [(text: string) => `${text}\r\n`, 'a line break'],
    [(text: string) => `"${text}"`, 'quotes'],
    [(text: string) => `${text}\u00e9`, 'a character outside ASCII'],
  ])('checkToken refuses a value that is not a token68 as 401 token_malformed, not as 400', async (spoil) => {
    const denial = denialOf(await server.checkToken(spoil(token)));
    expect([denial.status, denial.error.code]).toEqual([401, 'token_malformed']);
  });

  it('with checkToken, a where condition that reads the request causes a 500 response', async () => {
    expect(verdict(await server.checkToken(token, { policy: readsUrl }))).toBe('callback_failed');
    const readsAuthOnly = where('reader', (auth) => auth.hasScope('read'));
    expect(verdict(await server.checkToken(token, { policy: readsAuthOnly }))).toBe('granted');
  });
});

describe('authorize', () => {
  it('authorize evaluates a policy for an earlier auth', async () => {
    const auth = authOf(await server.checkToken(token));
    expect(authOf(await server.authorize(auth, scope('read')))).toBe(auth);
    const denial = denialOf(await server.authorize(auth, scope('write')));
    expect([denial.status, headerOf(denial, 'WWW-Authenticate')]).toEqual([
      403,
      'Bearer realm="api", error="insufficient_scope", ' +
        'error_description="The access token does not allow this", scope="write"',
    ]);
  });

  it('authorize passes the request to a where condition; without one, reading it causes a 500 response', async () => {
    const auth = authOf(await server.checkToken(token));
    expect(verdict(await server.authorize(auth, readsUrl, anonymous({ url: '/mine' })))).toBe('granted');
    expect(verdict(await server.authorize(auth, readsUrl, anonymous({ url: '/theirs' })))).toBe('claim_insufficient');
    expect(verdict(await server.authorize(auth, readsUrl))).toBe('callback_failed');
  });

  it('authorize and checkToken reject an invalid policy with a ConfigurationError', async () => {
    const auth = authOf(await server.checkToken(token));
    await expect(server.authorize(auth, { kind: 'role' } as never)).rejects.toThrow(ConfigurationError);
    await expect(server.checkToken(token, { policy: { kind: 'role' } as never })).rejects.toThrow(ConfigurationError);
  });

  it('authorize denies with 500 for a value that is not an Auth, such as null or a promise', async () => {
    for (const notAuth of [null, undefined, 'ada', 7, Promise.resolve(null)]) {
      const denial = denialOf(
        await server.authorize(
          notAuth as never,
          where('always', () => true),
        ),
      );
      expect([denial.status, denial.error.code]).toEqual([500, 'internal_failure']);
    }
  });
});

describe('scopeImplies in checkToken', () => {
  it('implied scopes satisfy a policy transitively, and in one direction only', async () => {
    const admin = await issuer.token({ scope: 'admin' });
    expect(verdict(await server.checkToken(admin, { policy: scope('admin', 'write', 'read') }))).toBe('granted');
    expect(authOf(await server.checkToken(admin)).scopes).toEqual(['admin']);
    expect(verdict(await server.checkToken(token, { policy: scope('admin') }))).toBe('scope_insufficient');
  });
});
