import { createPublicKey, generateKeyPairSync } from 'node:crypto';
import { Agent } from 'node:https';
import { createResourceServer, type Denied, scope } from '@resource-server/core';
import { createMockIssuer } from '@resource-server/mock-issuer';
import { decodeJwt, decodeProtectedHeader, jwtVerify } from 'jose';
import { describe, expect, it, onTestFinished, vi } from 'vitest';
import { certify, x5cOf } from '../../packages/mock-issuer/test/certificate.js';
import { audience } from '../suite/world.js';
import { admitted, bearer, verdict } from './ask.js';
import { introspecting, told } from './introspecting.js';

const active = { active: true, aud: audience };

describe('the question', () => {
  it('[RS-7662-2.1-a] [RS-7662-2.1-b] is a form by POST, with a hint, and nothing of the token in the URL', async () => {
    const { issuer, server } = await introspecting();
    const token = await issuer.token();
    expect(await verdict(server, token)).toBe('granted');
    const asked = issuer.requests.last('introspection');
    expect(asked).toMatchObject({
      method: 'POST',
      url: '/introspect',
      form: { token, token_type_hint: 'access_token' },
    });
    expect(asked?.headers['content-type']).toBe('application/x-www-form-urlencoded');
  });

  it('[RS-7662-2.1-b] an endpoint that knows no hint answers as well', async () => {
    expect(await verdict(told(active), 'opaque')).toBe('granted');
  });

  it('[RS-7662-2.1-d] identifier and secret are form-encoded before base64', async () => {
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

describe('[RS-7662-2.1-c] who we are is shown', () => {
  it.each(['client_secret_basic', 'client_secret_post'] as const)('by %s', async (method) => {
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
  });

  it('[RS-10070-4-a] by private_key_jwt, for the issuer identifier and nobody else, used once', async () => {
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

  it('by a certificate that the issuer knows; without it the answer is about us: 503', async () => {
    const ours = certify({ subject: [['CN', 'api']] });
    const theirs = certify({ subject: [['CN', 'localhost']], names: [['dns', 'localhost']] });
    trusting(theirs.cert);
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
    const by = (shown: typeof ours) => {
      const clientAuthentication = {
        method: 'self_signed_tls_client_auth' as const,
        clientId: 'api',
        certificate: shown.cert,
        privateKey: shown.key,
      };
      const server = createResourceServer({
        issuer: { issuer: issuer.issuer, introspection: { clientAuthentication } },
        audience,
      });
      onTestFinished(() => server.close());
      return server;
    };
    const token = await issuer.token();
    expect(await verdict(by(certify({ subject: [['CN', 'api']] })), token)).toBe('introspection_unavailable');
    expect(await verdict(by(ours), token)).toBe('granted');
  });
});

describe('the answer', () => {
  it.each([
    ['true as text', 'true', 'introspection_unavailable'],
    ['1', 1, 'introspection_unavailable'],
    ['null', null, 'introspection_unavailable'],
    ['missing', undefined, 'introspection_unavailable'],
    ['a list', [true], 'introspection_unavailable'],
    ['false', false, 'token_inactive'],
    ['true', true, 'granted'],
  ])('[RS-7662-2.2-a] active is %s', async (_, value, expected) => {
    expect(await verdict(told({ ...active, active: value }), 'opaque')).toBe(expected);
  });

  it('[RS-7662-2.2-b] of a token that is not active nothing else counts', async () => {
    const server = told({ ...active, active: false, scope: 'admin', sub: 'ada' });
    const decision = await server.check(bearer('opaque'), { policy: scope('admin') });
    expect(decision).toMatchObject({ granted: false, status: 401, error: { code: 'token_inactive' } });
    expect(await verdict(told({ ...active, scope: 'admin' }), 'opaque', { policy: scope('admin') })).toBe('granted');
  });

  it.each([
    ['exp is over', { exp: 1 }, 'token_expired'],
    ['exp is no number', { exp: '9999999999' }, 'claim_malformed'],
    ['nbf is to come', { nbf: 99_999_999_999 }, 'token_not_yet_valid'],
    ['aud is somebody else', { aud: 'https://other.test' }, 'audience_mismatch'],
    ['aud is not there', { aud: undefined }, 'claim_missing'],
    ['iss is somebody else', { iss: 'https://other.test' }, 'issuer_untrusted'],
    ['cnf binds it to a key', { cnf: { jkt: 'x' }, token_type: 'DPoP' }, 'binding_unsupported'],
    ['token_type is another', { token_type: 'N_A' }, 'type_refused'],
    ['scope is no text', { scope: 7 }, 'claim_malformed'],
    [
      'all is well',
      { exp: 99_999_999_999, iss: 'https://issuer.test', token_type: 'Bearer', scope: 'read' },
      'granted',
    ],
    ['it says no more than it must', {}, 'granted'],
  ])('[RS-7662-2.2-c] is judged here where %s', async (_, changes, expected) => {
    expect(await verdict(told({ ...active, ...changes }), 'opaque')).toBe(expected);
  });

  it('[RS-7662-2.2-d] without scope there is no scope', async () => {
    const decision = await told(active).check(bearer('opaque'), { policy: scope('read') });
    expect(decision).toMatchObject({ granted: false, status: 403 });
    expect(await verdict(told({ ...active, scope: 'read' }), 'opaque', { policy: scope('read') })).toBe('granted');
  });

  it.each([{ token_use: 'refresh' }, { typ: 'Refresh' }, { typ: 'Offline' }, { token_type: 'refresh_token' }])(
    '[RS-7662-2.2-e] of a refresh token admits nobody: %j',
    async (changes) => {
      expect(await verdict(told({ ...active, ...changes }), 'opaque')).toBe('type_refused');
      expect(await verdict(told({ ...active, token_use: 'access', typ: 'Bearer' }), 'opaque')).toBe('granted');
    },
  );

  it('[RS-7662-2.2-f] reaches the handler with members that nobody here knows', async () => {
    const auth = await admitted(told({ ...active, tier: { name: 'gold' } }), 'opaque');
    expect(auth.claims['tier']).toEqual({ name: 'gold' });
    expect([auth.issuer, auth.expiresAt]).toEqual(['https://issuer.test', undefined]);
  });
});

describe('an endpoint that gives no answer', () => {
  it.each(['unauthorized', 'forbidden'] as const)(
    '[RS-7662-2.3-a] because it refuses us (%s) is 503, and the token may be good',
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
    '[RS-7662-2.3-b] is 503 with Retry-After: %s',
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

  it('[RS-7662-4-e] because its certificate is not to be trusted is 503; where it is, granted', async () => {
    const tls = certify({ subject: [['CN', 'localhost']], names: [['dns', 'localhost']] });
    const { issuer, server } = await introspecting({}, {}, { tls });
    const token = await issuer.token();
    expect(await verdict(server, token)).toBe('introspection_unavailable');
    expect(issuer.requests.count('introspection')).toBe(0);
    trusting(tls.cert);
    issuer.clock.advance(31);
    const trustful = createResourceServer({
      issuer: { issuer: issuer.issuer, introspection: { clientAuthentication: issuer.resourceServer } },
      audience,
    });
    onTestFinished(() => trustful.close());
    expect(await verdict(trustful, token)).toBe('granted');
  });
});

describe('what is remembered', () => {
  const cached = { introspectionCache: { positiveSeconds: 60, negativeSeconds: 5 } };

  it('[RS-7662-4-a] ends with the token: past exp the issuer is asked again', async () => {
    const { issuer, server } = await introspecting({}, { ...cached, clockToleranceSeconds: 0 });
    const token = await issuer.token({ expiresInSeconds: 10 });
    expect([await verdict(server, token), await verdict(server, token)]).toEqual(['granted', 'granted']);
    expect(issuer.requests.count('introspection')).toBe(1);
    issuer.clock.advance(11);
    expect(await verdict(server, token)).toBe('token_inactive');
    expect(issuer.requests.count('introspection')).toBe(2);
  });

  it('[RS-7662-4-b] is what was asked for: a revoked token is over within its seconds, and at once without a cache', async () => {
    const remembering = await introspecting({}, cached);
    const kept = await remembering.issuer.token();
    await verdict(remembering.server, kept);
    remembering.issuer.revoke(kept);
    expect(await verdict(remembering.server, kept)).toBe('granted');
    remembering.issuer.clock.advance(61);
    expect(await verdict(remembering.server, kept)).toBe('token_inactive');

    const forgetful = await introspecting();
    const token = await forgetful.issuer.token();
    expect(await verdict(forgetful.server, token)).toBe('granted');
    forgetful.issuer.revoke(token);
    expect(await verdict(forgetful.server, token)).toBe('token_inactive');
  });

  it('[RS-7662-4-c] is of one endpoint: another issuer gives the same token another verdict', async () => {
    const good = await createMockIssuer({ audience, accessTokenFormat: 'opaque' });
    const stranger = await createMockIssuer({ audience, accessTokenFormat: 'opaque' });
    onTestFinished(async () => void (await Promise.all([good.close(), stranger.close()])));
    const token = await good.token();
    let whom = good;
    const server = createResourceServer({
      issuer: [good, stranger].map(({ issuer, resourceServer }) => ({
        issuer,
        introspection: { clientAuthentication: resourceServer },
      })),
      routeOpaqueToken: () => whom.issuer,
      audience,
      ...cached,
    });
    onTestFinished(() => server.close());
    const both = async () => {
      const verdicts: string[] = [];
      for (whom of [good, stranger]) verdicts.push(await verdict(server, token));
      return verdicts;
    };
    expect(await both()).toEqual(['granted', 'token_inactive']);
    expect(await both()).toEqual(['granted', 'token_inactive']);
    expect([good, stranger].map(({ requests }) => requests.count('introspection'))).toEqual([1, 1]);
  });

  it('[RS-7662-4-d] is bounded, and a flood of made-up tokens pushes out no good one', async () => {
    const { issuer, server } = await introspecting(
      {},
      { introspectionCache: { ...cached.introspectionCache, maxEntries: 2 } },
    );
    const good = [await issuer.token(), await issuer.token()];
    for (const token of good) expect(await verdict(server, token)).toBe('granted');
    for (let at = 0; at < 50; at++) expect(await verdict(server, `made-up-${at}`)).toBe('token_inactive');
    const asked = issuer.requests.count('introspection');
    for (const token of good) expect(await verdict(server, token)).toBe('granted');
    expect(issuer.requests.count('introspection')).toBe(asked);
    // The control: two are all that it holds.
    expect(await verdict(server, await issuer.token())).toBe('granted');
    for (const token of good) await verdict(server, token);
    expect(issuer.requests.count('introspection')).toBeGreaterThan(asked + 1);
  });

  it('[RS-7662-4-d] a hundred that ask the same make one call', async () => {
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
])('[RS-7662-4-f] is asked about nowhere: %s', async (_, credentials, code) => {
  const { issuer, server } = await introspecting();
  expect(await verdict(server, credentials)).toBe(code);
  expect(issuer.requests.count('introspection')).toBe(0);
  expect(await verdict(server, 'opaque')).toBe('token_inactive');
  expect(issuer.requests.count('introspection')).toBe(1);
});

it('[RS-7662-4-f] is asked about nowhere: a JWT of a stranger, also where every token is asked about', async () => {
  const stranger = await createMockIssuer({ audience });
  onTestFinished(() => stranger.close());
  const { issuer, server } = await introspecting({ mode: 'always' });
  expect(await verdict(server, await stranger.token())).toBe('issuer_untrusted');
  expect([issuer, stranger].map(({ requests }) => requests.count('introspection'))).toEqual([0, 0]);
  expect(await verdict(server, await issuer.token({ format: 'jwt' }))).toBe('granted');
  expect(issuer.requests.count('introspection')).toBe(1);
});

/** From now on, until the end of the test, one more certificate is trusted than the machine trusts: options cannot name one. */
function trusting(ca: string): void {
  const { createConnection } = Agent.prototype;
  const spy = vi.spyOn(Agent.prototype, 'createConnection');
  spy.mockImplementation(function (this: Agent, options, callback) {
    return createConnection.call(this, { ...options, ca } as typeof options, callback);
  });
  onTestFinished(() => spy.mockRestore());
}
