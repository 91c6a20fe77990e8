import { createMockIssuer, type MockIssuer } from '@resource-server/mock-issuer';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { Clock } from '../../src/model/clock.js';
import type { HttpRequest } from '../../src/model/request.js';
import { scope } from '../../src/policy/policies.js';
import type { ResourceServer } from '../../src/resource-server.js';
import { authOf, bearer, denialOf, headerOf, nobody, offlineServerOf, verdict } from '../support-network/ask.js';

let issuer: MockIssuer;
let server: ResourceServer;

beforeAll(async () => {
  issuer = await createMockIssuer({ alg: 'ES256' });
  server = offlineServerOf(issuer);
});

afterAll(() => issuer.close());

describe('a good token', () => {
  it('admits whom it was issued to', async () => {
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

  it('is judged again on every request', async () => {
    const token = await issuer.token({ expiresInSeconds: 60 });
    let seconds = 0;
    const clock: Clock = { now: () => issuer.clock.now() + seconds * 1000, monotonic: () => seconds };
    const judge = offlineServerOf(issuer, { clock });
    expect(verdict(await judge.check(bearer(token)))).toBe('granted');
    seconds = 3600;
    expect(verdict(await judge.check(bearer(token)))).toBe('token_expired');
  });
});

describe('nobody', () => {
  it('is refused unless credentials are optional, there or here', async () => {
    const optional = offlineServerOf(issuer, { credentials: 'optional' });
    expect(verdict(await server.check(nobody()))).toBe('credentials_missing');
    expect(await optional.check(nobody())).toEqual({ granted: true, auth: null, headers: [] });
    expect(await server.check(nobody(), { credentials: 'optional' })).toMatchObject({ granted: true, auth: null });
    expect(verdict(await optional.check(nobody(), { credentials: 'required' }))).toBe('credentials_missing');
  });

  it('is refused wherever a policy needs somebody, and told the scope', async () => {
    const denial = denialOf(await server.check(nobody(), { credentials: 'optional', policy: scope('read') }));
    expect([denial.status, headerOf(denial, 'WWW-Authenticate')]).toEqual([401, 'Bearer realm="api", scope="read"']);
  });

  it('is no bad credential: what is malformed, refused or elsewhere does not pass as nobody', async () => {
    const requests: readonly HttpRequest[] = [
      bearer(await issuer.bad.expired()),
      bearer(await issuer.bad.opaque()),
      nobody({ rawHeaders: ['Authorization', 'Bearer'] }),
      nobody({ url: '/?access_token=x' }),
    ];
    for (const request of requests) {
      expect((await server.check(request, { credentials: 'optional' })).granted).toBe(false);
    }
    const foreign = nobody({ rawHeaders: ['Authorization', 'Basic dTpw'] });
    expect(await server.check(foreign, { credentials: 'optional' })).toMatchObject({ granted: true, auth: null });
  });
});

describe('a decision', () => {
  it('is frozen, whatever it is', async () => {
    const grant = await server.check(bearer(await issuer.token()));
    const passed = await server.check(nobody(), { credentials: 'optional' });
    const denial = denialOf(await server.check(nobody()));
    const parts = [grant, grant.headers, authOf(grant), authOf(grant).scopes, authOf(grant).audience, passed, denial];
    for (const part of [...parts, denial.headers, ...denial.headers]) expect(Object.isFrozen(part)).toBe(true);
  });

  it('a handler that changes the claims gets a TypeError, and the next request what the token says', async () => {
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

  it('D-12: tells the client nothing out of the token, and operators what was found', async () => {
    const token = await issuer.token({ claims: { aud: 'https://s3cret.example', email: 's3cret' } });
    const { headers, body, error } = denialOf(await server.check(bearer(token)));
    expect(JSON.stringify([headers, body, error, error.message, error.stack])).not.toContain('s3cret');
    expect(error.detail).toEqual({ expected: 'aud: https://api.example.com', found: '"https://s3cret.example"' });
  });
});

describe('options of one check', () => {
  it.each<[string, object]>([
    ['policy', { policy: {} }],
    ['policy', { policy: 'read' }],
    ['policy', { policy: undefined }],
    ['polcy', { polcy: scope('read') }],
    ['credentials', { credentials: 'none' }],
  ])('%s that would check less than was meant is an error, not a decision: %j', async (option, options) => {
    await expect(server.check(bearer(await issuer.token()), options)).rejects.toMatchObject({
      name: 'ConfigurationError',
      option,
    });
    expect(verdict(await server.check(bearer(await issuer.token()), {}))).toBe('granted');
  });
});

describe('trouble of our own', () => {
  const broken: Clock = {
    now: () => {
      throw new RangeError('s3cret: the clock stands');
    },
    monotonic: () => 0,
  };

  it.each<[string, () => Promise<unknown>]>([
    ['a request without header lines', () => server.check({ method: 'GET', url: '/' } as unknown as HttpRequest)],
    ['no request', () => server.check(undefined as unknown as HttpRequest)],
    ['a clock that throws', async () => offlineServerOf(issuer, { clock: broken }).check(bearer(await issuer.token()))],
  ])('%s is 500 internal_failure, generic and closed', async (_, work) => {
    const denial = denialOf((await work()) as Awaited<ReturnType<typeof server.check>>);
    expect([denial.status, denial.error.code]).toEqual([500, 'internal_failure']);
    expect(JSON.stringify([denial.headers, denial.body, denial.error.message, denial.error.stack])).not.toContain(
      's3cret',
    );
    expect(headerOf(denial, 'WWW-Authenticate')).toBeUndefined();
    expect(headerOf(denial, 'Cache-Control')).toBe('no-store');
  });

  it('a clock that answers NaN admits nobody', async () => {
    const clock = { now: () => Number.NaN, monotonic: () => 0 };
    expect(verdict(await offlineServerOf(issuer, { clock }).check(bearer(await issuer.token())))).toBe('token_expired');
  });
});
