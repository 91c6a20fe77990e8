import { createMockIssuer, type MockIssuer } from '@resource-server/mock-issuer';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { parseOptions } from '../../src/options/parse-options.js';
import { scope } from '../../src/policy/policies.js';
import { createResourceServer } from '../../src/resource-server.js';
import { anonymous, audience, bearer, jwksOf, verdict } from '../support-network/ask.js';
import { good } from '../support-network/options.js';

let issuer: MockIssuer;

beforeAll(async () => {
  issuer = await createMockIssuer({ alg: 'ES256' });
});

afterAll(() => issuer.close());

describe('options that are changed after createResourceServer', () => {
  it('later changes of the options object have no effect on the server', async () => {
    const one = {
      issuer: issuer.issuer,
      jwks: jwksOf(issuer),
      algorithms: ['ES256'] as ('ES256' | 'RS256')[],
      scopeClaims: ['scope'],
    };
    const options = {
      issuer: [one],
      audience: [audience],
      clock: issuer.clock,
      credentials: 'required' as 'required' | 'optional',
      maxTokenBytes: 8192,
      scopeImplies: { admin: ['read'] },
    };
    const server = createResourceServer(options);
    const [wrongAudience, admin] = [await issuer.bad.wrongAudience(), await issuer.token({ scope: 'admin' })];

    one.issuer = 'https://evil.example';
    one.jwks.keys.splice(0);
    one.algorithms.splice(0, 1, 'RS256');
    one.scopeClaims[0] = 'permissions';
    options.issuer.splice(0);
    options.audience.splice(0, 1, 'https://other.example', 'https://api.example.net');
    options.credentials = 'optional';
    options.maxTokenBytes = 1;
    options.scopeImplies.admin.splice(0);

    expect(verdict(await server.check(bearer(admin), { policy: scope('read') }))).toBe('granted');
    expect(verdict(await server.check(bearer(wrongAudience)))).toBe('audience_mismatch');
    expect(verdict(await server.check(anonymous()))).toBe('credentials_missing');
  });

  it('later changes of the jwks option have no effect on the server', async () => {
    const jwks = jwksOf(issuer);
    const server = createResourceServer({ issuer: { issuer: issuer.issuer, jwks }, audience, clock: issuer.clock });
    for (const jwk of jwks.keys) Object.assign(jwk, { kid: 'other', alg: 'RS256', x: 'AAAA' });
    expect(verdict(await server.check(bearer(await issuer.token())))).toBe('granted');
  });

  it('the parsed options are frozen', () => {
    const settings = parseOptions({ ...good, keys: { allowedHosts: ['keys.example'] } });
    const { issuers, keys, validity, token, credential, challenge, auth } = settings;
    for (const part of [settings, issuers, keys, validity, token, credential, challenge, auth, ...[issuers].flat()]) {
      expect(Object.isFrozen(part)).toBe(true);
    }
  });
});
