import { createPublicKey, generateKeyPairSync } from 'node:crypto';
import { Agent } from 'node:https';
import { createResourceServer, type Denied, scope } from '@resource-server/core';
import { createMockIssuer } from '@resource-server/mock-issuer';
import { decodeJwt, decodeProtectedHeader, jwtVerify } from 'jose';
import { describe, expect, it, onTestFinished, vi } from 'vitest';
import { certify, x5cOf } from '../../packages/mock-issuer/test/certificate.js';
import { audience } from '../suite/world.js';
import { acceptedAuth, bearer, verdict } from './ask.js';
import { introspecting, introspectionAnswer } from './introspecting.js';

const active = { active: true, aud: audience };

describe('the introspection request', () => {
  it('the token is sent as a form by POST with a hint, not in the URL [RS-7662-2.1-a] [RS-7662-2.1-b]', async () => {
    const { issuer, server } = await introspecting();
    const token = await issuer.token();
    expect(await verdict(server, token)).toBe('granted');
    const sent = issuer.requests.last('introspection');
    expect(sent).toMatchObject({
      method: 'POST',
      url: '/introspect',
      form: { token, token_type_hint: 'access_token' },
    });
    expect(sent?.headers['content-type']).toBe('application/x-www-form-urlencoded');
  });

  it('an answer of an endpoint that ignores token_type_hint is accepted [RS-7662-2.1-b]', async () => {
    expect(await verdict(introspectionAnswer(active), 'opaque')).toBe('granted');
  });

  it('client id and secret are form-encoded before base64 [RS-7662-2.1-d]', async () => {
    const awkward = { client_id: 'a:b%c+', client_secret: 'p:q&r=s%' };
    const { issuer, server } = await introspecting(
      {
        clientAuthentication: {
          method: 'client_secret_basic',
          clientId: awkward.client_id,
          clientSecret: awkward.client_secret,
        },
      },
      {},
      { resourceServers: [awkward] },
    );
    expect(await verdict(server, await issuer.token())).toBe('granted');
    const { authorization = '' } = issuer.requests.last('introspection')?.headers ?? {};
    expect(Buffer.from(authorization.slice('Basic '.length), 'base64').toString()).toBe(
      'a%3Ab%25c%2B:p%3Aq%26r%3Ds%25',
    );
  });
});

describe('client authentication at the introspection endpoint [RS-7662-2.1-c]', () => {
  it.each(['client_secret_basic', 'client_secret_post'] as const)(
    'the resource server authenticates to the introspection endpoint by %s',
    async (method) => {
      const registration = { client_id: 'api', client_secret: 's3cret', token_endpoint_auth_method: method };
      const { issuer, server } = await introspecting(
        { clientAuthentication: { method, clientId: 'api', clientSecret: 's3cret' } },
        {},
        { resourceServers: [registration] },
      );
      expect(await verdict(server, await issuer.token())).toBe('granted');
      expect(issuer.requests.last('introspection')?.form?.['client_secret']).toBe(
        method === 'client_secret_post' ? 's3cret' : undefined,
      );
    },
  );

  it('private_key_jwt has only the issuer identifier as audience, and is used once [RS-10070-4-a]', async () => {
    const { privateKey } = generateKeyPairSync('ec', { namedCurve: 'P-256' });
    const publicJwk = { ...createPublicKey(privateKey).export({ format: 'jwk' }), alg: 'ES256', kid: 'ours' };
    const { issuer, server } = await introspecting(
      {
        clientAuthentication: {
          method: 'private_key_jwt',
          clientId: 'api',
          privateKey: { ...privateKey.export({ format: 'jwk' }), alg: 'ES256', kid: 'ours' },
        },
      },
      {},
      {
        resourceServers: [
          { client_id: 'api', token_endpoint_auth_method: 'private_key_jwt', jwks: { keys: [publicJwk] } },
        ],
      },
    );
    const assertions: string[] = [];
    for (let at = 0; at < 2; at++) {
      expect(await verdict(server, await issuer.token())).toBe('granted');
      assertions.push(String(issuer.requests.last('introspection')?.form?.['client_assertion']));
    }
    const [first = '', second = ''] = assertions;
    const { payload } = await jwtVerify(first, createPublicKey(privateKey));
    expect(payload).toMatchObject({ iss: 'api', sub: 'api', aud: issuer.issuer });
    expect(Number(payload.exp) - Number(payload.iat)).toBeLessThanOrEqual(60);
    expect(decodeProtectedHeader(first)).toEqual({ alg: 'ES256', kid: 'ours', typ: 'client-authentication+jwt' });
    expect(decodeJwt(second).jti).not.toBe(payload.jti);
  });

  it('a client certificate that the issuer knows is accepted, another one gives 503', async () => {
    const ours = certify({ subject: [['CN', 'api']] });
    const theirs = certify({ subject: [['CN', 'localhost']], names: [['dns', 'localhost']] });
    trustCertificate(theirs.cert);
    const issuer = await createMockIssuer({
      audience,
      accessTokenFormat: 'opaque',
      tls: theirs,
      resourceServers: [
        {
          client_id: 'api',
          token_endpoint_auth_method: 'self_signed_tls_client_auth',
          jwks: { keys: [{ kty: 'EC', x5c: [x5cOf(ours)] }] },
        },
      ],
    });
    onTestFinished(() => issuer.close());
    const serverWith = (certificate: typeof ours) => {
      const clientAuthentication = {
        method: 'self_signed_tls_client_auth' as const,
        clientId: 'api',
        certificate: certificate.cert,
        privateKey: certificate.key,
      };
      const server = createResourceServer({
        issuer: { issuer: issuer.issuer, introspection: { clientAuthentication } },
        audience,
      });
      onTestFinished(() => server.close());
      return server;
    };
    const token = await issuer.token();
    expect(await verdict(serverWith(certify({ subject: [['CN', 'api']] })), token)).toBe('introspection_unavailable');
    expect(await verdict(serverWith(ours), token)).toBe('granted');
  });
});

describe('the introspection answer', () => {
  it.each([
    ['true as text', 'true', 'introspection_unavailable'],
    ['1', 1, 'introspection_unavailable'],
    ['null', null, 'introspection_unavailable'],
    ['missing', undefined, 'introspection_unavailable'],
    ['a list', [true], 'introspection_unavailable'],
    ['false', false, 'token_inactive'],
    ['true', true, 'granted'],
  ])('only active: true accepts an introspected token: %s [RS-7662-2.2-a]', async (_, value, expected) => {
    expect(await verdict(introspectionAnswer({ ...active, active: value }), 'opaque')).toBe(expected);
  });

  it('an inactive token is rejected, whatever else the answer contains [RS-7662-2.2-b]', async () => {
    const server = introspectionAnswer({ ...active, active: false, scope: 'admin', sub: 'ada' });
    const decision = await server.check(bearer('opaque'), { policy: scope('admin') });
    expect(decision).toMatchObject({ granted: false, status: 401, error: { code: 'token_inactive' } });
    expect(
      await verdict(introspectionAnswer({ ...active, scope: 'admin' }), 'opaque', { policy: scope('admin') }),
    ).toBe('granted');
  });

  it.each([
    ['exp has passed', { exp: 1 }, 'token_expired'],
    ['exp is text', { exp: '9999999999' }, 'claim_malformed'],
    ['nbf is in the future', { nbf: 99_999_999_999 }, 'token_not_yet_valid'],
    ['aud is another API', { aud: 'https://other.test' }, 'audience_mismatch'],
    ['aud is missing', { aud: undefined }, 'claim_missing'],
    ['iss is another issuer', { iss: 'https://other.test' }, 'issuer_untrusted'],
    ['cnf binds the token to a key', { cnf: { jkt: 'x' }, token_type: 'DPoP' }, 'binding_unsupported'],
    ['token_type is unknown', { token_type: 'N_A' }, 'type_refused'],
    ['scope is a number', { scope: 7 }, 'claim_malformed'],
    [
      'every member is valid',
      { exp: 99_999_999_999, iss: 'https://issuer.test', token_type: 'Bearer', scope: 'read' },
      'granted',
    ],
    ['only active and aud are present', {}, 'granted'],
  ])('an introspected token is validated here: %s [RS-7662-2.2-c]', async (_, changes, expected) => {
    expect(await verdict(introspectionAnswer({ ...active, ...changes }), 'opaque')).toBe(expected);
  });

  it('an introspection answer without scope grants no scope [RS-7662-2.2-d]', async () => {
    const decision = await introspectionAnswer(active).check(bearer('opaque'), { policy: scope('read') });
    expect(decision).toMatchObject({ granted: false, status: 403 });
    expect(await verdict(introspectionAnswer({ ...active, scope: 'read' }), 'opaque', { policy: scope('read') })).toBe(
      'granted',
    );
  });

  it.each([{ token_use: 'refresh' }, { typ: 'Refresh' }, { typ: 'Offline' }, { token_type: 'refresh_token' }])(
    'a refresh token that the endpoint calls active is rejected: %j [RS-7662-2.2-e]',
    async (changes) => {
      expect(await verdict(introspectionAnswer({ ...active, ...changes }), 'opaque')).toBe('type_refused');
      expect(await verdict(introspectionAnswer({ ...active, token_use: 'access', typ: 'Bearer' }), 'opaque')).toBe(
        'granted',
      );
    },
  );

  it('unknown members of the introspection answer reach the handler unchanged [RS-7662-2.2-f]', async () => {
    const auth = await acceptedAuth(introspectionAnswer({ ...active, tier: { name: 'gold' } }), 'opaque');
    expect(auth.claims['tier']).toEqual({ name: 'gold' });
    expect([auth.issuer, auth.expiresAt]).toEqual(['https://issuer.test', undefined]);
  });
});

describe('an introspection endpoint that fails', () => {
  it.each(['unauthorized', 'forbidden'] as const)(
    'an endpoint that rejects our credentials (%s) gives 503, since the token may be valid [RS-7662-2.3-a]',
    async (kind) => {
      const { issuer, server } = await introspecting();
      issuer.faults.introspection(kind);
      const decision = await server.check(bearer(await issuer.token()));
      expect(decision).toMatchObject({ status: 503, error: { code: 'introspection_unavailable' } });
      issuer.faults.clear();
      issuer.clock.advance(31);
      expect(await verdict(server, await issuer.token())).toBe('granted');
    },
  );

  it.each(['down', '500', '429', '503', 'truncated', 'huge', 'redirect', 'html', 'activeMissing'] as const)(
    'a failed introspection gives 503 with Retry-After: %s [RS-7662-2.3-b]',
    async (kind) => {
      const { issuer, server } = await introspecting();
      const token = await issuer.token();
      issuer.faults.introspection(kind);
      const decision = (await server.check(bearer(token))) as Denied;
      expect([decision.granted, decision.status]).toEqual([false, 503]);
      const [, seconds] = decision.headers.find(([name]) => name === 'Retry-After') ?? [];
      expect(Number(seconds)).toBeGreaterThanOrEqual(1);
      expect(issuer.requests.count('decoy')).toBe(0);
      issuer.faults.clear();
      issuer.clock.advance(31);
      expect(await verdict(server, token)).toBe('granted');
    },
  );

  it('an introspection endpoint with an untrusted certificate gives 503 [RS-7662-4-e]', async () => {
    const tls = certify({ subject: [['CN', 'localhost']], names: [['dns', 'localhost']] });
    const { issuer, server } = await introspecting({}, {}, { tls });
    const token = await issuer.token();
    expect(await verdict(server, token)).toBe('introspection_unavailable');
    expect(issuer.requests.count('introspection')).toBe(0);
    trustCertificate(tls.cert);
    issuer.clock.advance(31);
    const trusting = createResourceServer({
      issuer: { issuer: issuer.issuer, introspection: { clientAuthentication: issuer.resourceServer } },
      audience,
    });
    onTestFinished(() => trusting.close());
    expect(await verdict(trusting, token)).toBe('granted');
  });
});

describe('the introspection cache', () => {
  const cached = { introspectionCache: { positiveSeconds: 60, negativeSeconds: 5 } };

  it('a cached answer is not used past the exp of the token: the endpoint is called again [RS-7662-4-a]', async () => {
    const { issuer, server } = await introspecting({}, { ...cached, clockToleranceSeconds: 0 });
    const token = await issuer.token({ expiresInSeconds: 10 });
    expect([await verdict(server, token), await verdict(server, token)]).toEqual(['granted', 'granted']);
    expect(issuer.requests.count('introspection')).toBe(1);
    issuer.clock.advance(11);
    expect(await verdict(server, token)).toBe('token_inactive');
    expect(issuer.requests.count('introspection')).toBe(2);
  });

  it('a revoked token is accepted for positiveSeconds, and never without a cache [RS-7662-4-b]', async () => {
    const withCache = await introspecting({}, cached);
    const cachedToken = await withCache.issuer.token();
    await verdict(withCache.server, cachedToken);
    withCache.issuer.revoke(cachedToken);
    expect(await verdict(withCache.server, cachedToken)).toBe('granted');
    withCache.issuer.clock.advance(61);
    expect(await verdict(withCache.server, cachedToken)).toBe('token_inactive');

    const withoutCache = await introspecting();
    const token = await withoutCache.issuer.token();
    expect(await verdict(withoutCache.server, token)).toBe('granted');
    withoutCache.issuer.revoke(token);
    expect(await verdict(withoutCache.server, token)).toBe('token_inactive');
  });

  it('a cached answer counts for one endpoint: another issuer is called for the same token [RS-7662-4-c]', async () => {
    const good = await createMockIssuer({ audience, accessTokenFormat: 'opaque' });
    const other = await createMockIssuer({ audience, accessTokenFormat: 'opaque' });
    onTestFinished(async () => void (await Promise.all([good.close(), other.close()])));
    const token = await good.token();
    let selected = good;
    const server = createResourceServer({
      issuer: [good, other].map(({ issuer, resourceServer }) => ({
        issuer,
        introspection: { clientAuthentication: resourceServer },
      })),
      routeOpaqueToken: () => selected.issuer,
      audience,
      ...cached,
    });
    onTestFinished(() => server.close());
    const both = async () => {
      const verdicts: string[] = [];
      for (selected of [good, other]) verdicts.push(await verdict(server, token));
      return verdicts;
    };
    expect(await both()).toEqual(['granted', 'token_inactive']);
    expect(await both()).toEqual(['granted', 'token_inactive']);
    expect([good, other].map(({ requests }) => requests.count('introspection'))).toEqual([1, 1]);
  });

  it('the introspection cache is bounded, and invented tokens evict no valid one [RS-7662-4-d]', async () => {
    const { issuer, server } = await introspecting(
      {},
      { introspectionCache: { ...cached.introspectionCache, maxEntries: 2 } },
    );
    const good = [await issuer.token(), await issuer.token()];
    for (const token of good) expect(await verdict(server, token)).toBe('granted');
    for (let at = 0; at < 50; at++) expect(await verdict(server, `made-up-${at}`)).toBe('token_inactive');
    const calls = issuer.requests.count('introspection');
    for (const token of good) expect(await verdict(server, token)).toBe('granted');
    expect(issuer.requests.count('introspection')).toBe(calls);
    // The control: the cache holds two entries.
    expect(await verdict(server, await issuer.token())).toBe('granted');
    for (const token of good) await verdict(server, token);
    expect(issuer.requests.count('introspection')).toBeGreaterThan(calls + 1);
  });

  it('a hundred concurrent requests with the same token make one introspection call [RS-7662-4-d]', async () => {
    const { issuer, server } = await introspecting();
    const token = await issuer.token();
    issuer.faults.introspection('slow', { delaySeconds: 0.2 });
    const verdicts = await Promise.all(Array.from({ length: 100 }, () => verdict(server, token)));
    expect(new Set(verdicts)).toEqual(new Set(['granted']));
    expect(issuer.requests.count('introspection')).toBe(1);
  });
});

it.each([
  ['two words', 'a b', 'credentials_malformed'],
  ['a quotation mark', 'a"b', 'credentials_malformed'],
  ['a letter beyond ASCII', 'é', 'credentials_malformed'],
  ['nothing but an equals sign', '=', 'credentials_malformed'],
  ['nine thousand characters', 'a'.repeat(9000), 'token_too_large'],
])('credentials that cannot be a token are not introspected: %s [RS-7662-4-f]', async (_, credentials, code) => {
  const { issuer, server } = await introspecting();
  expect(await verdict(server, credentials)).toBe(code);
  expect(issuer.requests.count('introspection')).toBe(0);
  expect(await verdict(server, 'opaque')).toBe('token_inactive');
  expect(issuer.requests.count('introspection')).toBe(1);
});

it('a JWT of an unknown issuer is not introspected, with mode always either [RS-7662-4-f]', async () => {
  const unknown = await createMockIssuer({ audience });
  onTestFinished(() => unknown.close());
  const { issuer, server } = await introspecting({ mode: 'always' });
  expect(await verdict(server, await unknown.token())).toBe('issuer_untrusted');
  expect([issuer, unknown].map(({ requests }) => requests.count('introspection'))).toEqual([0, 0]);
  expect(await verdict(server, await issuer.token({ format: 'jwt' }))).toBe('granted');
  expect(issuer.requests.count('introspection')).toBe(1);
});

/**
 * Trusts one more certificate until the end of the test. No option can name one, so the agent is
 * patched.
 */
function trustCertificate(ca: string): void {
  const { createConnection } = Agent.prototype;
  const spy = vi.spyOn(Agent.prototype, 'createConnection');
  spy.mockImplementation(function (this: Agent, options, callback) {
    return createConnection.call(this, { ...options, ca } as typeof options, callback);
  });
  onTestFinished(() => spy.mockRestore());
}
