import type { ResourceServerOptions } from '@resource-server/core';
import { createMockIssuer, type MockIssuer } from '@resource-server/mock-issuer';
import { describe, expect, it, onTestFinished } from 'vitest';
import { badToken, type Refused, unavailable } from './expected.js';
import type { Harness, Running, WireResponse } from './harness.js';
import { harnesses } from './harnesses/index.js';
import { withAuthorization } from './suite-case.js';
import { audience, introspected } from './world.js';

/*
 * Scenarios of opaque tokens that take several requests. Each has its own issuer and application.
 */

const bearer = (token: string) => withAuthorization(`Bearer ${token}`);

interface Scenario {
  readonly issuer: MockIssuer;
  readonly application: Running;
  readonly token: string;
}

async function open(
  harness: Harness,
  options: Partial<ResourceServerOptions> = {},
  mode: 'opaque' | 'always' = 'opaque',
): Promise<Scenario> {
  const issuer = await createMockIssuer({ alg: 'ES256', audience, accessTokenFormat: 'opaque' });
  onTestFinished(() => issuer.close());
  const { clock } = issuer;
  const application = await harness.start({ issuer: introspected(issuer, mode), audience, clock, ...options });
  onTestFinished(() => application.close());
  return { issuer, application, token: await issuer.token({ expiresInSeconds: 3600 }) };
}

describe.each(harnesses)('opaque tokens in $name', (harness) => {
  it('an opaque token that its issuer revokes is 401 in the next request (D-22)', async () => {
    const { issuer, application, token } = await open(harness);
    expect((await application.send(bearer(token))).status).toBe(200);
    issuer.revoke(token);
    expectRefused(await application.send(bearer(token)), badToken('token_inactive'));
    expect((await application.send(bearer(await issuer.token()))).status).toBe(200);
    expect(application.handled()).toBe(2);
  });

  it('without a cache every request introspects its opaque token (D-22)', async () => {
    const { issuer, application, token } = await open(harness);
    for (let sent = 0; sent < 3; sent++) expect((await application.send(bearer(token))).status).toBe(200);
    expect(issuer.requests.count('introspection')).toBe(3);
  });

  it('a cached introspection answer counts for positiveSeconds, then a revoked token is 401 (D-23)', async () => {
    const { issuer, application, token } = await open(harness, {
      introspectionCache: { positiveSeconds: 60, negativeSeconds: 0 },
    });
    expect((await application.send(bearer(token))).status).toBe(200);
    issuer.revoke(token);
    issuer.clock.advance(59);
    expect((await application.send(bearer(token))).status).toBe(200);
    expect(issuer.requests.count('introspection')).toBe(1);
    issuer.clock.advance(1);
    expectRefused(await application.send(bearer(token)), badToken('token_inactive'));
    expect(issuer.requests.count('introspection')).toBe(2);
  });

  it('a failing introspection endpoint is 503, without calls during the back-off (D-08, D-22)', async () => {
    const { issuer, application, token } = await open(harness);
    issuer.faults.introspection('500');
    expectRefused(await application.send(bearer(token)), unavailable('introspection_unavailable'));
    const calls = issuer.requests.count('introspection');
    const duringBackOff = await application.send(bearer(token));
    expectRefused(duringBackOff, unavailable('introspection_unavailable'));
    expect(issuer.requests.count('introspection')).toBe(calls);
    expect(application.handled()).toBe(0);
    issuer.faults.clear();
    issuer.clock.advance(Number(lineOf(duringBackOff, 'retry-after')));
    expect((await application.send(bearer(token))).status).toBe(200);
  });

  it('Retry-After of the introspection endpoint is passed on to the client (D-22)', async () => {
    const { issuer, application, token } = await open(harness);
    issuer.faults.introspection('429', { retryAfter: 45 });
    const response = await application.send(bearer(token));
    expect([response.status, lineOf(response, 'retry-after')]).toEqual([503, '45']);
    expect(application.handled()).toBe(0);
  });

  it('an introspection answer whose active is not a boolean is 503 (D-22)', async () => {
    for (const fault of ['activeAsString', 'activeNumber', 'activeMissing'] as const) {
      const { issuer, application, token } = await open(harness);
      issuer.faults.introspection(fault);
      expectRefused(await application.send(bearer(token)), unavailable('introspection_unavailable'));
      expect(application.handled()).toBe(0);
    }
  });

  it('an opaque token that the issuer calls active, but whose exp has passed, is 401 (D-22)', async () => {
    const { issuer, application } = await open(harness);
    issuer.faults.introspection('alwaysActive');
    expectRefused(await application.send(bearer(await issuer.bad.expired())), badToken('token_expired'));
    expect(application.handled()).toBe(0);
  });

  it("with mode 'always' a JWT that its issuer revokes is 401 in the next request", async () => {
    const { issuer, application } = await open(harness, {}, 'always');
    const token = await issuer.token({ format: 'jwt' });
    expect((await application.send(bearer(token))).status).toBe(200);
    issuer.revoke(token);
    expectRefused(await application.send(bearer(token)), badToken('token_inactive'));
    expect(application.handled()).toBe(1);
  });

  it('isRevoked is called although the introspection answer is cached: true gives 401, an exception 503', async () => {
    let revoked: () => boolean = () => false;
    const { issuer, application, token } = await open(harness, {
      introspectionCache: { positiveSeconds: 60, negativeSeconds: 0 },
      revocation: { isRevoked: () => revoked() },
    });
    expect((await application.send(bearer(token))).status).toBe(200);
    revoked = () => true;
    expectRefused(await application.send(bearer(token)), badToken('token_revoked'));
    revoked = () => {
      throw new Error('the list of revoked tokens cannot be read');
    };
    expectRefused(await application.send(bearer(token)), unavailable('revocation_unavailable'));
    expect(application.handled()).toBe(1);
    expect(issuer.requests.count('introspection')).toBe(1);
  });
});

function expectRefused(response: WireResponse, { status, challenge, body }: Refused): void {
  expect([response.status, lineOf(response, 'www-authenticate')]).toEqual([status, challenge]);
  expect(JSON.parse(response.body)).toEqual(body);
  if (status === 503) expect(lineOf(response, 'retry-after')).toMatch(/^\d+$/);
}

function lineOf({ headers }: WireResponse, name: string): string | undefined {
  return headers.find(([candidate]) => candidate === name)?.[1];
}
