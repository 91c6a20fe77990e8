import { createMockIssuer, type MockIssuer } from '@resource-server/mock-issuer';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { Clock } from '../../src/model/clock.js';
import type { HttpRequest } from '../../src/model/request.js';
import { scope } from '../../src/policy/policies.js';
import type { ResourceServer } from '../../src/resource-server.js';
import { anonymous, authOf, bearer, denialOf, headerOf, offlineServerOf, verdict } from '../support-network/ask.js';

let issuer: MockIssuer;
let server: ResourceServer;

beforeAll(async () => {
  issuer = await createMockIssuer({ alg: 'ES256' });
  server = offlineServerOf(issuer);
});

afterAll(() => issuer.close());

describe('check of a valid token', () => {
  it('check grants a valid token and returns its subject, client, scopes and audience', async () => {
    const token = await issuer.token({ subject: 'ada', clientId: 'web', scope: 'read write' });
    const decision = await server.check(bearer(token), { policy: scope('read') });
    expect(authOf(decision)).toMatchObject({
      issuer: issuer.issuer,
      audience: ['https://api.example.com'],
      scopes: ['read', 'write'],
      scheme: 'Bearer',
      binding: 'none',
      subject: 'ada',
      clientId: 'web',
    });
    expect(decision.headers).toEqual([]);
  });

  it('check validates the times of a token on every request', async () => {
    const token = await issuer.token({ expiresInSeconds: 60 });
    let seconds = 0;
    const clock: Clock = { now: () => issuer.clock.now() + seconds * 1000, monotonic: () => seconds };
    const timed = offlineServerOf(issuer, { clock });
    expect(verdict(await timed.check(bearer(token)))).toBe('granted');
    seconds = 3600;
    expect(verdict(await timed.check(bearer(token)))).toBe('token_expired');
  });
});

describe('check of a request without credentials', () => {
  it('a request without credentials is accepted only if the server or the check makes them optional', async () => {
    const optional = offlineServerOf(issuer, { credentials: 'optional' });
    expect(verdict(await server.check(anonymous()))).toBe('credentials_missing');
    expect(await optional.check(anonymous())).toEqual({ granted: true, auth: null, headers: [] });
    expect(await server.check(anonymous(), { credentials: 'optional' })).toMatchObject({ granted: true, auth: null });
    expect(verdict(await optional.check(anonymous(), { credentials: 'required' }))).toBe('credentials_missing');
  });

  it('a policy refuses a request without credentials with 401, and the challenge names the scope', async () => {
    const denial = denialOf(await server.check(anonymous(), { credentials: 'optional', policy: scope('read') }));
    expect([denial.status, headerOf(denial, 'WWW-Authenticate')]).toEqual([401, 'Bearer realm="api", scope="read"']);
  });

  it('with optional credentials a request with a bad credential is still refused', async () => {
    const requests: readonly HttpRequest[] = [
      bearer(await issuer.bad.expired()),
      bearer(await issuer.bad.opaque()),
      anonymous({ rawHeaders: ['Authorization', 'Bearer'] }),
      anonymous({ url: '/?access_token=x' }),
    ];
    for (const request of requests) {
      expect((await server.check(request, { credentials: 'optional' })).granted).toBe(false);
    }
    const foreign = anonymous({ rawHeaders: ['Authorization', 'Basic dTpw'] });
    expect(await server.check(foreign, { credentials: 'optional' })).toMatchObject({ granted: true, auth: null });
  });
});

describe('the decision of check', () => {
  it('a decision is frozen, whether granted, anonymous or denied', async () => {
    const grant = await server.check(bearer(await issuer.token()));
    const passed = await server.check(anonymous(), { credentials: 'optional' });
    const denial = denialOf(await server.check(anonymous()));
    const parts = [grant, grant.headers, authOf(grant), authOf(grant).scopes, authOf(grant).audience, passed, denial];
    for (const part of [...parts, denial.headers, ...denial.headers]) expect(Object.isFrozen(part)).toBe(true);
  });

  it('changing the claims throws a TypeError and does not affect the next request', async () => {
    const token = await issuer.token({ scope: 'read', claims: { roles: ['user'], nested: { deep: [{ a: 1 }] } } });
    const { claims, scopes, audience } = authOf(await server.check(bearer(token)));
    const nested = claims['nested'] as { deep: { a: number }[] };
    expect(() => (claims['roles'] as string[]).push('admin')).toThrow(TypeError);
    expect(() => Object.assign(claims, { sub: 'root' })).toThrow(TypeError);
    expect(() => Object.assign(nested.deep[0] ?? {}, { a: 2 })).toThrow(TypeError);
    expect(() => (scopes as string[]).push('write')).toThrow(TypeError);
    expect(() => (audience as string[]).push('x')).toThrow(TypeError);
    const next = authOf(await server.check(bearer(token)));
    expect(next.claims).toMatchObject({ roles: ['user'], sub: 'user-1', nested: { deep: [{ a: 1 }] } });
    expect(next.hasScope('write')).toBe(false);
  });

  it('a refusal shows token data to operators only, not to the client (D-12)', async () => {
    const token = await issuer.token({ claims: { aud: 'https://s3cret.example', email: 's3cret' } });
    const { headers, body, error } = denialOf(await server.check(bearer(token)));
    expect(JSON.stringify([headers, body, error, error.message, error.stack])).not.toContain('s3cret');
    expect(error.detail).toEqual({ expected: 'aud: https://api.example.com', found: '"https://s3cret.example"' });
  });
});

describe('options of a single check', () => {
  it.each<[string, object]>([
    ['policy', { policy: {} }],
    ['policy', { policy: 'read' }],
    ['policy', { policy: undefined }],
    ['polcy', { polcy: scope('read') }],
    ['credentials', { credentials: 'none' }],
  ])('an invalid option %s of check rejects with a ConfigurationError: %j', async (option, options) => {
    await expect(server.check(bearer(await issuer.token()), options)).rejects.toMatchObject({
      name: 'ConfigurationError',
      option,
    });
    expect(verdict(await server.check(bearer(await issuer.token()), {}))).toBe('granted');
  });
});

describe('internal failures', () => {
  const broken: Clock = {
    now: () => {
      throw new RangeError('s3cret: the clock is broken');
    },
    monotonic: () => 0,
  };

  it.each<[string, () => Promise<unknown>]>([
    ['a request without header lines', () => server.check({ method: 'GET', url: '/' } as unknown as HttpRequest)],
    ['an undefined request', () => server.check(undefined as unknown as HttpRequest)],
    ['a clock that throws', async () => offlineServerOf(issuer, { clock: broken }).check(bearer(await issuer.token()))],
  ])('check answers 500 internal_failure for %s and gives the client no reason', async (_, work) => {
    const denial = denialOf((await work()) as Awaited<ReturnType<typeof server.check>>);
    expect([denial.status, denial.error.code]).toEqual([500, 'internal_failure']);
    expect(JSON.stringify([denial.headers, denial.body, denial.error.message, denial.error.stack])).not.toContain(
      's3cret',
    );
    expect(headerOf(denial, 'WWW-Authenticate')).toBeUndefined();
    expect(headerOf(denial, 'Cache-Control')).toBe('no-store');
  });

  it('a clock that returns NaN makes every token expired', async () => {
    const clock = { now: () => Number.NaN, monotonic: () => 0 };
    expect(verdict(await offlineServerOf(issuer, { clock }).check(bearer(await issuer.token())))).toBe('token_expired');
  });
});
