import { inspect } from 'node:util';
import { createMockIssuer, type IntrospectionFault, type MockIssuer } from '@resource-server/mock-issuer';
import { afterEach, beforeEach, describe, expect, it, onTestFinished } from 'vitest';
import type { ResourceServerOptions } from '../../src/options/resource-server-options.js';
import { scope } from '../../src/policy/policies.js';
import { createResourceServer } from '../../src/resource-server.js';
import { audience, authOf, bearer, denialOf, headerOf, serverOf, verdict } from '../support-network/ask.js';
import { introspectedAt, introspecting } from '../support-network/introspecting.js';
import { times } from '../support-network/key-source.js';
import { decisionsDuring, warningsDuring } from '../support-network/watch.js';

let issuer: MockIssuer;

beforeEach(async () => {
  issuer = await createMockIssuer({ alg: 'ES256', audience, statusList: {} });
});

afterEach(() => issuer.close());

const calls = () => issuer.requests.count('introspection');
const opaque = { format: 'opaque' } as const;

describe('introspection of opaque tokens (D-22)', () => {
  it('the auth of an opaque token has the members of the introspection answer (D-22)', async () => {
    const server = introspecting(issuer);
    const token = await issuer.token({ ...opaque, scope: 'read', subject: 'ada', clientId: 'web' });
    const auth = authOf(await server.check(bearer(token), { policy: scope('read') }));
    expect(auth).toMatchObject({ subject: 'ada', clientId: 'web', scopes: ['read'], issuer: issuer.issuer });
    expect(auth.claims).toMatchObject({ active: true, sub: 'ada' });
    expect([calls(), issuer.requests.count('jwks')]).toEqual([1, 0]);
  });

  it('the introspection request has client authentication, the token and a hint only (D-22)', async () => {
    const token = await issuer.token(opaque);
    await introspecting(issuer).check(bearer(token));
    const { headers, form } = issuer.requests.last('introspection') ?? {};
    expect(form).toEqual({ token, token_type_hint: 'access_token' });
    expect(headers).toMatchObject({ 'accept-encoding': 'identity', accept: 'application/json' });
    expect(headers?.authorization).toMatch(/^Basic /);
  });

  it('an opaque token that was never issued is answered with 401 invalid_token (D-22)', async () => {
    const denial = denialOf(await introspecting(issuer).check(bearer(await issuer.bad.opaque())));
    expect([denial.status, denial.error.code]).toEqual([401, 'token_inactive']);
    expect(headerOf(denial, 'WWW-Authenticate')).toContain('error="invalid_token"');
  });

  it('a revoked opaque token is refused on the next request (D-22)', async () => {
    const server = introspecting(issuer);
    const token = await issuer.token(opaque);
    expect(verdict(await server.check(bearer(token)))).toBe('granted');
    issuer.revoke(token);
    expect(verdict(await server.check(bearer(token)))).toBe('token_inactive');
    expect(calls()).toBe(2);
  });

  it('an expired opaque token is refused with token_inactive or token_expired (D-22)', async () => {
    const server = introspecting(issuer);
    const token = await issuer.token({ ...opaque, expiresInSeconds: 60 });
    expect(verdict(await server.check(bearer(token)))).toBe('granted');
    issuer.clock.advance(60);
    expect(verdict(await server.check(bearer(token)))).toBe('token_inactive');
    issuer.faults.introspection('alwaysActive');
    issuer.clock.advance(31);
    expect(verdict(await server.check(bearer(token)))).toBe('token_expired');
  });

  it.each([
    ['wrongAudience', 'audience_mismatch'],
    ['boundToKey', 'binding_unsupported'],
    ['millisecondExpiry', 'claim_malformed'],
    ['issuedInFuture', 'token_not_yet_valid'],
    ['expired', 'token_inactive'],
    ['notYetValid', 'token_inactive'],
  ] as const)('an opaque token of kind %s is %s, although the issuer was queried (D-22)', async (name, code) => {
    const server = introspecting(issuer);
    expect(verdict(await server.check(bearer(await issuer.bad[name](opaque))))).toBe(code);
    expect(verdict(await server.check(bearer(await issuer.token(opaque))))).toBe('granted');
    expect(calls()).toBe(2);
  });

  it('an opaque token without the scope that the route needs is answered with 403 (D-07)', async () => {
    const server = introspecting(issuer);
    const token = await issuer.token({ ...opaque, scope: 'read' });
    const denial = denialOf(await server.check(bearer(token), { policy: scope('write') }));
    expect([denial.status, denial.error.code]).toEqual([403, 'scope_insufficient']);
  });

  it('an opaque refresh token is refused with type_refused (D-22)', async () => {
    const token = await issuer.token(opaque);
    issuer.faults.introspection('refreshToken');
    expect(verdict(await introspecting(issuer).check(bearer(token)))).toBe('type_refused');
  });

  it('an opaque token is refused without a request if no issuer introspects', async () => {
    const server = serverOf(issuer);
    expect(verdict(await server.check(bearer(await issuer.token(opaque))))).toBe('token_opaque');
    expect(calls()).toBe(0);
    await server.close();
  });

  it('the introspection cache serves an opaque token for its time, but not after its expiry (D-23)', async () => {
    const server = introspecting(issuer, { introspectionCache: { positiveSeconds: 3600, negativeSeconds: 60 } });
    const token = await issuer.token({ ...opaque, expiresInSeconds: 100 });
    for (let at = 0; at < 3; at++) expect(verdict(await server.check(bearer(token)))).toBe('granted');
    expect(calls()).toBe(1);
    issuer.clock.advance(101);
    expect(verdict(await server.check(bearer(token)))).toBe('token_inactive');
    expect(calls()).toBe(2);
  });
});

describe('tokens that are refused without an introspection request', () => {
  it.each(['opaque', 'always'] as const)(
    'in mode %s a JWT of an untrusted issuer is refused without introspection (D-22)',
    async (mode) => {
      const server = introspecting(issuer, { introspection: { mode } });
      expect(verdict(await server.check(bearer(await issuer.bad.wrongIssuer())))).toBe('issuer_untrusted');
      expect(verdict(await server.check(bearer(await issuer.bad.lookalikeIssuer())))).toBe('issuer_untrusted');
      expect(calls()).toBe(0);
    },
  );

  it('in mode opaque no JWT is introspected, valid or not', async () => {
    const server = introspecting(issuer);
    expect(verdict(await server.check(bearer(await issuer.token())))).toBe('granted');
    for (const name of ['tampered', 'algNone', 'expired', 'duplicateClaim', 'arrayPayload'] as const) {
      expect(verdict(await server.check(bearer(await issuer.bad[name]())))).not.toBe('granted');
    }
    expect(calls()).toBe(0);
  });

  it.each(['a b', 'a,b', 'a"b', 'é', '=', 'a=b', '', 'a\tb'])(
    'malformed credentials are refused without introspection: %j (D-05)',
    async (token) => {
      const denial = denialOf(await introspecting(issuer).check(bearer(token)));
      expect([denial.status, calls()]).toEqual([400, 0]);
    },
  );

  it('a token that is too long is refused without introspection (D-06)', async () => {
    const server = introspecting(issuer);
    expect(verdict(await server.check(bearer('a'.repeat(8193))))).toBe('token_too_large');
    expect(calls()).toBe(0);
    expect(verdict(await server.check(bearer('a'.repeat(8192))))).toBe('token_inactive');
    expect(calls()).toBe(1);
  });
});

describe('introspection of JWTs, mode always (D-22)', () => {
  it('mode always refuses a revoked JWT at once, local validation accepts it until it expires (D-22)', async () => {
    const always = introspecting(issuer, { introspection: { mode: 'always' } });
    const local = introspecting(issuer);
    const token = await issuer.token();
    expect(verdict(await always.check(bearer(token)))).toBe('granted');
    expect(verdict(await local.check(bearer(token)))).toBe('granted');
    issuer.revoke(token);
    expect(verdict(await always.check(bearer(token)))).toBe('token_inactive');
    expect(verdict(await local.check(bearer(token)))).toBe('granted');
    expect([calls(), issuer.requests.count('jwks')]).toEqual([2, 1]);
  });

  it.each([
    ['expired', 'token_expired'],
    ['notYetValid', 'token_not_yet_valid'],
    ['wrongAudience', 'audience_mismatch'],
    ['idToken', 'type_refused'],
  ] as const)('mode always refuses a JWT that is %s without introspection (D-22)', async (kind, code) => {
    const always = introspecting(issuer, { introspection: { mode: 'always' } });
    expect(verdict(await always.check(bearer(await issuer.bad[kind]())))).toBe(code);
    expect(calls()).toBe(0);
    expect(verdict(await always.check(bearer(await issuer.token())))).toBe('granted');
    expect(calls()).toBe(1);
  });
});

describe('introspection with several issuers', () => {
  let other: MockIssuer;

  beforeEach(async () => {
    other = await createMockIssuer({ alg: 'ES256', audience, clock: issuer.clock });
  });

  afterEach(() => other.close());

  const otherCalls = () => other.requests.count('introspection');
  const both = () => [introspectedAt(issuer), introspectedAt(other)];

  it('without routeOpaqueToken no issuer is queried and the opaque token is refused', async () => {
    const server = introspecting(issuer, { issuer: both() });
    expect(verdict(await server.check(bearer(await issuer.token(opaque))))).toBe('token_opaque');
    expect([calls(), otherCalls()]).toEqual([0, 0]);
  });

  it('with routeOpaqueToken only the named issuer is queried', async () => {
    const server = introspecting(issuer, { issuer: both(), routeOpaqueToken: () => other.issuer });
    expect(verdict(await server.check(bearer(await issuer.token(opaque))))).toBe('token_inactive');
    expect(verdict(await server.check(bearer(await other.token(opaque))))).toBe('granted');
    expect([calls(), otherCalls()]).toEqual([0, 2]);
  });

  it.each<[string, () => string, string, number]>([
    ['throws', () => Object(undefined).nothing.at(0), 'callback_failed', 500],
    ['names an unknown issuer', () => 'https://unknown.example', 'token_opaque', 401],
  ])('with a routeOpaqueToken that %s no issuer is queried', async (_, routeOpaqueToken, code, status) => {
    const server = introspecting(issuer, { issuer: both(), routeOpaqueToken });
    const denial = denialOf(await server.check(bearer(await issuer.token(opaque))));
    expect([denial.error.code, denial.status, calls(), otherCalls()]).toEqual([code, status, 0, 0]);
  });

  it('the introspection cache keeps separate answers of each issuer for one token (D-23)', async () => {
    let routed = issuer.issuer;
    const introspectionCache = { positiveSeconds: 60, negativeSeconds: 60 };
    const server = introspecting(issuer, { issuer: both(), routeOpaqueToken: () => routed, introspectionCache });
    const token = await issuer.token(opaque);
    for (let at = 0; at < 2; at++) {
      routed = issuer.issuer;
      expect(verdict(await server.check(bearer(token)))).toBe('granted');
      routed = other.issuer;
      expect(verdict(await server.check(bearer(token)))).toBe('token_inactive');
    }
    expect([calls(), otherCalls()]).toEqual([1, 1]);
  });
});

describe('failures of the introspection endpoint (D-22)', () => {
  it.each<IntrospectionFault>([
    'down',
    '500',
    '429',
    '503',
    'truncated',
    'huge',
    'redirect',
    'html',
    'gzip',
    'unauthorized',
    'forbidden',
    'activeAsString',
    'activeNumber',
    'activeMissing',
  ])(
    'an introspection endpoint with the fault %s causes a 503 response, and works after the back-off (D-22)',
    async (fault) => {
      const server = introspecting(issuer);
      const token = await issuer.token({ ...opaque, expiresInSeconds: 600 });
      issuer.faults.introspection(fault);
      const denial = denialOf(await server.check(bearer(token)));
      expect([denial.status, denial.error.code]).toEqual([503, 'introspection_unavailable']);
      expect(Number(headerOf(denial, 'Retry-After'))).toBeGreaterThanOrEqual(1);
      expect(headerOf(denial, 'WWW-Authenticate')).toBeUndefined();
      expect(issuer.requests.count('decoy')).toBe(0);
      issuer.faults.clear();
      issuer.clock.advance(31);
      expect(verdict(await server.check(bearer(token)))).toBe('granted');
    },
  );

  it('a failing introspection endpoint gets one request for a token and one probe (D-22)', async () => {
    const server = introspecting(issuer);
    const token = await issuer.token(opaque);
    issuer.faults.introspection('500');
    const decisions = await Promise.all(times(50, () => server.check(bearer(token))));
    expect(new Set(decisions.map(verdict))).toEqual(new Set(['introspection_unavailable']));
    // The second request is the probe, which finds out whether the endpoint fails for every token.
    expect(calls()).toBe(2);
  });
});

describe('signed introspection answers (RFC 9701, D-22)', () => {
  const signed = { signedResponse: true } as const;

  beforeEach(async () => {
    await issuer.close();
    issuer = await createMockIssuer({
      alg: 'ES256',
      audience,
      resourceServers: [{ client_id: 'api', client_secret: 's3cret', introspection_signed_response_alg: 'ES256' }],
    });
  });

  const clientAuthentication = { method: 'client_secret_basic', clientId: 'api', clientSecret: 's3cret' } as const;
  const serve = () => introspecting(issuer, { introspection: { ...signed, clientAuthentication } });

  it('signed introspection answers are verified with the keys of the issuer (D-22)', async () => {
    const token = await issuer.token({ ...opaque, subject: 'ada' });
    expect(authOf(await serve().check(bearer(token))).subject).toBe('ada');
    expect(issuer.requests.count('jwks')).toBe(1);
    expect(issuer.requests.last('introspection')?.headers.accept).toBe('application/token-introspection+jwt');
  });

  it.each([
    'plain',
    'contentType',
    'wrongTyp',
    'wrongIssuer',
    'wrongAudience',
    'badSignature',
    'unsignedAlgNone',
  ] as const)(
    'a signed introspection answer with the fault %s causes a 503 response for a valid token (D-22)',
    async (fault) => {
      const server = serve();
      const token = await issuer.token(opaque);
      issuer.faults.introspection(fault);
      expect(verdict(await server.check(bearer(token)))).toBe('introspection_unavailable');
      issuer.faults.clear();
      issuer.clock.advance(31);
      expect(verdict(await server.check(bearer(token)))).toBe('granted');
    },
  );
});

describe('secrets in logs, messages and answers of introspection', () => {
  it('errors, messages, status and answers contain no token and no secret', async () => {
    const secret = issuer.resourceServer.clientSecret;
    const server = introspecting(issuer, { introspectionCache: { positiveSeconds: 60, negativeSeconds: 60 } });
    const tokens = [await issuer.token(opaque), await issuer.bad.opaque(), await issuer.bad.wrongAudience(opaque)];
    const seen: unknown[] = [];
    const messages = await decisionsDuring(async () => {
      for (const fault of [undefined, 'html', 'unauthorized'] as const) {
        if (fault !== undefined) issuer.faults.introspection(fault);
        issuer.clock.advance(61);
        const fresh = [...tokens, await issuer.token(opaque)];
        for (const token of fresh) {
          const decision = await server.check(bearer(token));
          if (decision.granted) continue;
          const { error, body, headers } = decision;
          seen.push(body, headers, error.message, error.stack, error.cause, JSON.stringify(error));
        }
        seen.push(server.status());
        tokens.push(...fresh);
      }
    });
    expect(messages.length).toBeGreaterThan(9);
    const shown = inspect([seen, messages], { depth: 20, maxStringLength: null, maxArrayLength: null });
    const basic = issuer.requests.last('introspection')?.headers.authorization;
    expect(basic).toBeDefined();
    for (const hidden of [...tokens, secret, String(basic)]) expect(shown).not.toContain(hidden);
  });

  it('RS_INTROSPECTION_CREDENTIALS is emitted once for each issuer, without the secret', async () => {
    const clientAuthentication = { ...issuer.resourceServer, clientSecret: 'wr0ng' };
    const server = introspecting(issuer, { introspection: { clientAuthentication } });
    const warnings = await warningsDuring('RS_INTROSPECTION_CREDENTIALS', async () => {
      for (let at = 0; at < 3; at++) {
        expect(verdict(await server.check(bearer(await issuer.token(opaque))))).toBe('introspection_unavailable');
        issuer.clock.advance(31);
      }
    });
    expect(warnings).toHaveLength(1);
    expect(warnings[0]).toContain(issuer.issuer);
    expect(warnings[0]).not.toMatch(/wr0ng|Basic/);
  });

  it('RS_INTROSPECTION_CREDENTIALS is not emitted for other failures', async () => {
    const server = introspecting(issuer);
    issuer.faults.introspection('500');
    const work = async () => void (await server.check(bearer(await issuer.token(opaque))));
    expect(await warningsDuring('RS_INTROSPECTION_CREDENTIALS', work)).toEqual([]);
  });

  it('status() counts the introspection requests', async () => {
    const server = introspecting(issuer);
    await server.check(bearer(await issuer.token(opaque)));
    expect(server.status().issuers[0]).toMatchObject({
      issuer: issuer.issuer,
      introspection: { calls: 1, inFlight: 0 },
    });
  });
});

describe('claims of a JWT that an answer in mode always lacks (D-22)', () => {
  /** A server whose introspection answer states only `active`, `aud` and `sub` for every JWT. */
  const always = (options: Partial<ResourceServerOptions> = {}) => {
    const server = createResourceServer({
      issuer: {
        issuer: issuer.issuer,
        introspection: {
          endpoint: `${issuer.issuer}/introspect`,
          mode: 'always',
          clientAuthentication: { method: 'client_secret_basic', clientId: 'api', clientSecret: 's3cret' },
        },
      },
      audience,
      clock: issuer.clock,
      fetch: async () => Response.json({ active: true, aud: audience, sub: 'ada' }),
      ...options,
    });
    onTestFinished(() => server.close());
    return server;
  };
  const verdictOn = async (token: string, options?: Partial<ResourceServerOptions>) =>
    verdict(await always(options).check(bearer(token)));

  it.each([
    ['boundToKey', 'binding_unsupported'],
    ['expired', 'token_expired'],
    ['notYetValid', 'token_not_yet_valid'],
    ['wrongAudience', 'audience_mismatch'],
    ['idToken', 'type_refused'],
    ['logoutToken', 'type_refused'],
    ['plainJwt', 'type_refused'],
  ] as const)('the claims of a JWT are checked if the answer omits them: %s (D-22)', async (kind, code) => {
    expect(await verdictOn(await issuer.bad[kind]())).toBe(code);
    expect(await verdictOn(await issuer.token({ format: 'jwt' }))).toBe('granted');
  });

  it('an introspection answer for a JWT is not cached after exp of the JWT (D-23)', async () => {
    let calls = 0;
    const answers = async () => Response.json({ active: ++calls === 1, aud: audience, sub: 'ada' });
    const server = always({ fetch: answers, introspectionCache: { positiveSeconds: 3600, negativeSeconds: 0 } });
    const token = await issuer.token({ format: 'jwt', expiresInSeconds: 60 });
    issuer.clock.advance(59);
    expect([verdict(await server.check(bearer(token))), verdict(await server.check(bearer(token))), calls]).toEqual([
      'granted',
      'granted',
      1,
    ]);
    // This is within the clock tolerance.
    issuer.clock.advance(1);
    expect([verdict(await server.check(bearer(token))), calls]).toEqual(['token_inactive', 2]);
  });

  it('the status list of a JWT is checked if the answer omits it (D-22)', async () => {
    const token = await issuer.token({ format: 'jwt', status: 'valid' });
    const options = { revocation: { statusLists: true } } as const;
    expect(await verdictOn(token, options)).toBe('revocation_unavailable');
    expect(await verdictOn(await issuer.token({ format: 'jwt' }), options)).toBe('granted');
  });
});
