import { expect, test } from 'vitest';
import { type AuthorizeRequest, OAuthError } from '../src/index.js';
import { stateOf } from './caller.js';
import { callback, pkce, redeem, requestOf, sentTo, startServer, visit } from './flow.js';
import { claimsOf, headerOf } from './referee.js';

test('a code for the challenge of a client under test, which redeems it over HTTP', async () => {
  const issuer = await startServer();
  const { challenge, verifier } = pkce();
  const answer = await issuer.authorize({ client: 'web', user: 'bob', codeChallenge: challenge, state: 'a b' });
  expect(answer).toMatchObject({ redirectUri: callback, state: 'a b', codeVerifier: undefined });
  const parameters = { code: answer.code, state: 'a b', iss: issuer.issuer };
  expect(Object.fromEntries(new URL(answer.url).searchParams)).toEqual(parameters);
  const { body } = await redeem(issuer, answer.code, verifier);
  expect(await stateOf(issuer, String(body['access_token']))).toMatchObject({ sub: 'bob', client_id: 'web' });
  await expect(answer.tokens()).rejects.toThrow(TypeError);
});

test('tokens at once, with a verifier of its own', async () => {
  const issuer = await startServer({ acrValues: ['pwd', 'mfa'], authorizationDetailsTypes: ['pay'] });
  const answer = await issuer.authorize({
    client: 'web',
    scope: ['read'],
    resource: 'https://api.example.com',
    acrValues: 'mfa',
    maxAgeSeconds: 60,
    authorizationDetails: [{ type: 'pay' }],
  });
  const tokens = await answer.tokens();
  expect(tokens).toMatchObject({ token_type: 'Bearer', scope: 'read', refresh_token: expect.any(String) });
  expect(await stateOf(issuer, tokens.access_token)).toMatchObject({
    sub: 'ada',
    acr: 'mfa',
    authorization_details: [{ type: 'pay' }],
  });
  await expect(answer.tokens()).rejects.toMatchObject({ code: 'invalid_grant' });
});

test('the verifier comes along for a client that redeems the code over HTTP', async () => {
  const issuer = await startServer();
  const { code, codeVerifier } = await issuer.authorize({ client: 'web' });
  expect(await redeem(issuer, code, codeVerifier ?? '')).toMatchObject({ status: 200 });
});

test.each([
  [{ client: 'web', scope: 'admin' }, 'invalid_scope'],
  [{ client: 'web', redirectUri: `${callback}/` }, 'invalid_request'],
  [{ client: 'web', codeChallenge: 'short' }, 'invalid_request'],
  [{ client: 'web', resource: 'https://other.example' }, 'invalid_target'],
  [{ client: 'web', user: 'eve' }, 'login_required'],
  [{ client: 'web', acrValues: ['mfa'] }, 'unmet_authentication_requirements'],
  [{ client: 'job' }, 'unauthorized_client'],
])('what the endpoint would refuse is refused here: %j', async (request, code) => {
  const failure = await (await startServer()).authorize(request).catch((error: unknown) => error);
  expect(failure).toBeInstanceOf(OAuthError);
  expect(failure).toMatchObject({ code, status: 400 });
});

test.each([
  {},
  { client: 'nobody' },
  { client: 'resource-server' },
  { client: 'web', scope: 7 },
  { client: 'web', maxAgeSeconds: -1 },
  { client: 'web', authorizationDetails: 'x' },
  { client: 'web', colour: 'blue' },
])('a mistake in the test is a TypeError: %j', async (request) => {
  await expect((await startServer()).authorize(request as AuthorizeRequest)).rejects.toThrow(TypeError);
});

test('[IS-GEN-8] under a seed everything is the same in every run, but keys and signatures', async () => {
  const round = async (seed: string) => {
    const issuer = await startServer({ seed });
    const { told } = sentTo(await visit(issuer, requestOf(pkce().challenge)));
    const { code, codeVerifier } = await issuer.authorize({ client: 'web' });
    const opaque = await issuer.token({ format: 'opaque' });
    const token = await issuer.token();
    const { iss, ...claims } = claimsOf(token);
    const bad = [headerOf(await issuer.bad.unknownKey())['kid'], headerOf(await issuer.bad.forgedKid())['kid']];
    const kinds = [claimsOf(await issuer.bad.idToken())['nonce'], claimsOf(await issuer.bad.logoutToken())['sid']];
    const { cnf } = claimsOf(await issuer.bad.boundToKey());
    const secret = issuer.resourceServer.clientSecret;
    const { x } = issuer.jwks.keys[0] ?? {};
    const made = { codes: [told['code'], code], codeVerifier, opaque, secret, bad, kinds, cnf };
    return { same: { ...made, claims, header: headerOf(token) }, x };
  };
  const [one, again, other] = [await round('a'), await round('a'), await round('b')];
  expect(again.same).toEqual(one.same);
  expect(again.x).not.toBe(one.x);
  expect(other.same).not.toEqual(one.same);
  expect(one.same.claims).toMatchObject({
    iat: Date.UTC(2026, 0, 1) / 1000,
    jti: expect.stringMatching(/-4...-[89ab]/),
  });
});
