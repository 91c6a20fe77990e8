import { describe, expect, test } from 'vitest';
import { basic, introspect, post, stateOf } from '../caller.js';
import { claimsOf, startIssuer } from '../referee.js';

const formats = ['jwt', 'opaque'] as const;
const inactive = { active: false };

describe.each(formats)('of a token that is %s', (format) => {
  test('[IS-IN-3] introspection tells all claims, that it is active, and its type', async () => {
    const issuer = await startIssuer();
    const cnf = { 'x5t#S256': 'abc' };
    const token = await issuer.token({ format, scope: 'read write', subject: 'ada', claims: { cnf, acr: 'gold' } });
    const now = Math.floor(issuer.clock.now() / 1000);
    expect(await stateOf(issuer, token)).toEqual({
      active: true,
      token_type: 'Bearer',
      iss: issuer.issuer,
      aud: 'https://api.example.com',
      sub: 'ada',
      client_id: 'client-1',
      scope: 'read write',
      iat: expect.closeTo(now, -1),
      exp: expect.closeTo(now + 300, -1),
      jti: expect.any(String),
      cnf,
      acr: 'gold',
    });
  });

  test('that is bound to a DPoP key, the type is DPoP', async () => {
    const issuer = await startIssuer();
    const state = await stateOf(issuer, await issuer.bad.boundToKey({ format }));
    expect(state).toMatchObject({ active: true, token_type: 'DPoP', cnf: { jkt: expect.any(String) } });
  });

  test.each(['expired', 'notYetValid', 'wrongIssuer', 'lookalikeIssuer'] as const)(
    '[IS-IN-2] [IS-IN-5] and %s, nothing is told but that it is inactive',
    async (name) => {
      const issuer = await startIssuer();
      expect(await stateOf(issuer, await issuer.token({ format }))).toMatchObject({ active: true });
      expect(await stateOf(issuer, await issuer.bad[name]({ format }))).toEqual(inactive);
    },
  );

  test('[IS-IN-2] [IS-IN-5] it is inactive once it was revoked, and others are not', async () => {
    const issuer = await startIssuer();
    const [revoked, other] = [await issuer.token({ format }), await issuer.token({ format })];
    issuer.revoke(revoked);
    expect(await stateOf(issuer, revoked)).toEqual(inactive);
    expect(await stateOf(issuer, other)).toMatchObject({ active: true });
  });

  test('[IS-F-6] it is active until the very second of its expiry', async () => {
    const issuer = await startIssuer();
    const token = await issuer.token({ format, expiresInSeconds: 300 });
    issuer.clock.advance(295);
    expect(await stateOf(issuer, token)).toMatchObject({ active: true });
    issuer.clock.advance(5);
    expect(await stateOf(issuer, token)).toEqual(inactive);
  });

  test('what a resource server must judge itself stays active: another audience, claims that are missing or mistyped', async () => {
    const issuer = await startIssuer();
    expect(await stateOf(issuer, await issuer.bad.wrongAudience({ format }))).toMatchObject({
      active: true,
      aud: 'https://other-api.example',
    });
    expect(await stateOf(issuer, await issuer.bad.missingClaim('exp', { format }))).not.toHaveProperty('exp');
    expect(await stateOf(issuer, await issuer.bad.mistypedClaim('exp', 'soon', { format }))).toMatchObject({
      active: true,
      exp: 'soon',
    });
  });
});

test('[IS-IN-2] of tokens that were never issued nothing is told', async () => {
  const issuer = await startIssuer();
  const other = await startIssuer();
  const { opaque, tampered, unknownKey, idToken, algNone } = issuer.bad;
  for (const bad of [opaque, tampered, unknownKey, idToken, algNone, other.token]) {
    expect(await stateOf(issuer, await bad())).toEqual(inactive);
  }
});

test('an opaque token is 256 random bits, and no two are alike', async () => {
  const issuer = await startIssuer({ accessTokenFormat: 'opaque' });
  const tokens = await Promise.all(Array.from({ length: 20 }, () => issuer.token()));
  expect(new Set(tokens).size).toBe(20);
  for (const token of tokens) expect(Buffer.from(token, 'base64url')).toHaveLength(32);
  expect(claimsOf(await issuer.token({ format: 'jwt' }))).toHaveProperty('iss', issuer.issuer);
});

test('bad tokens follow the format of the issuer, but for those whose fault is one of JWTs', async () => {
  const issuer = await startIssuer({ accessTokenFormat: 'opaque' });
  expect(await issuer.bad.expired()).not.toContain('.');
  expect(await issuer.bad.tampered()).toContain('.');
  await expect(issuer.bad.tampered({ format: 'opaque' })).rejects.toThrow(TypeError);
});

test('the claims of an opaque token are those of the moment it was issued', async () => {
  const issuer = await startIssuer();
  const claims = { roles: ['reader'] };
  const token = await issuer.token({ format: 'opaque', claims });
  claims.roles.push('admin');
  expect(await stateOf(issuer, token)).toMatchObject({ roles: ['reader'] });
});

test.each(['jwt', 'opaque'] as const)(
  'a claim that JSON cannot say is an error where the token is asked for, as %s',
  async (format) => {
    const issuer = await startIssuer();
    await expect(issuer.token({ format, claims: { count: 1n } })).rejects.toThrow(TypeError);
    const token = await issuer.token({ format, claims: { at: new Date(0), ratio: Number.NaN, no: undefined } });
    expect(await stateOf(issuer, token)).toMatchObject({ at: '1970-01-01T00:00:00.000Z', ratio: null });
  },
);

test('only what was issued can be revoked', async () => {
  const issuer = await startIssuer();
  const unknown = await issuer.bad.opaque();
  expect(() => issuer.revoke(unknown)).toThrow(RangeError);
});

test('[IS-IN-1] who has no credentials, or wrong ones, learns nothing', async () => {
  const issuer = await startIssuer();
  const token = await issuer.token({ format: 'opaque' });
  const none = await post(issuer.introspectionEndpoint, { token });
  const wrong = await introspect(issuer, token, { caller: { ...issuer.resourceServer, clientSecret: 'no' } });
  for (const response of [none, wrong]) {
    expect(response.status).toBe(401);
    expect(response.headers.get('www-authenticate')).toMatch(/^Basic /);
    expect(response.headers.get('cache-control')).toBe('no-store');
    expect(await response.json()).toMatchObject({ error: 'invalid_client' });
  }
});

test('a client is told of its own tokens, a public one of none', async () => {
  const issuer = await startIssuer({
    clients: [
      { client_id: 'web', client_secret: 's3cret' },
      { client_id: 'spa', token_endpoint_auth_method: 'none' },
    ],
  });
  const caller = { clientId: 'web', clientSecret: 's3cret' };
  expect(await stateOf(issuer, await issuer.token({ clientId: 'web' }), caller)).toMatchObject({ active: true });
  expect(await stateOf(issuer, await issuer.token({ clientId: 'spa' }), caller)).toEqual(inactive);
  const token = await issuer.token({ clientId: 'spa' });
  const refused = await post(issuer.introspectionEndpoint, { token, client_id: 'spa' });
  expect(refused.status).toBe(403);
  expect(await refused.json()).toMatchObject({ error: 'unauthorized_client' });
});

test('[IS-IN-2] [IS-IN-7] a resource server with audiences is told of tokens for them and of no others, and of the scopes it knows', async () => {
  const audience = ['https://a.example', 'https://b.example'];
  const issuer = await startIssuer({
    resourceServers: [{ client_id: 'api', client_secret: 's3cret', audience, scope: 'read write' }],
  });
  const caller = { clientId: 'api', clientSecret: 's3cret' };
  const ours = await issuer.token({ audience: ['https://x.example', 'https://b.example'], scope: 'read admin' });
  expect(await stateOf(issuer, ours, caller)).toMatchObject({ active: true, scope: 'read' });
  const unknownScope = await issuer.token({ audience: 'https://a.example', scope: 'admin' });
  expect(await stateOf(issuer, unknownScope, caller)).not.toHaveProperty('scope');
  expect(await stateOf(issuer, await issuer.token({ audience: 'https://x.example' }), caller)).toEqual(inactive);
});

test('answers are never stored, and pages of other origins cannot read them', async () => {
  const issuer = await startIssuer();
  const response = await introspect(issuer, await issuer.token());
  expect(response.headers.get('cache-control')).toBe('no-store');
  expect(response.headers.get('content-type')).toBe('application/json');
  expect(response.headers.get('access-control-allow-origin')).toBeNull();
});

test('what was asked is on record: headers and form', async () => {
  const issuer = await startIssuer();
  const token = await issuer.token({ format: 'opaque' });
  await introspect(issuer, token);
  expect(issuer.requests.count('introspection')).toBe(1);
  expect(issuer.requests.last('introspection')).toMatchObject({
    method: 'POST',
    url: '/introspect',
    headers: { authorization: basic(issuer.resourceServer), accept: 'application/json' },
    form: { token },
  });
});
