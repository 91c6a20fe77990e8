import { expect, test } from 'vitest';
import { askForTokens, stateOf } from '../caller.js';
import { callback, codeFrom, pkce, redeem, startServer, tokensFor, web } from '../flow.js';
import { startIssuer, verify } from '../referee.js';

const { challenge, verifier } = pkce();
const grant_type = 'authorization_code';
const refused = (error: string, description: RegExp) => ({
  status: 400,
  body: { error, error_description: expect.stringMatching(description) },
});

test('[IS-TK-7] [IS-TK-13] a code becomes a token of RFC 9068 about its user, and a refresh token where the client may have one', async () => {
  const issuer = await startServer();
  const { status, body } = await redeem(issuer, await codeFrom(issuer, challenge), verifier);
  expect({ status, body }).toEqual({
    status: 200,
    body: {
      access_token: expect.any(String),
      token_type: 'Bearer',
      expires_in: 300,
      scope: 'read write',
      refresh_token: expect.stringMatching(/^[\w-]{43}$/),
    },
  });
  const { payload } = await verify(issuer, String(body['access_token']), { subject: 'ada' });
  expect(payload).toMatchObject({ client_id: 'web', scope: 'read write', auth_time: payload.iat });
});

test('a client that is registered without refresh_token gets none', async () => {
  const issuer = await startServer();
  const code = await codeFrom(issuer, challenge, { client_id: 'native', redirect_uri: 'app.example:/cb' });
  const { status, body } = await redeem(issuer, code, verifier, 'native');
  expect(status).toBe(200);
  expect(body).not.toHaveProperty('refresh_token');
});

test('[IS-AC-3] [IS-AZ-12] a code that was used is refused, and takes its tokens with it', async () => {
  const issuer = await startServer();
  const code = await codeFrom(issuer, challenge);
  const { body } = await redeem(issuer, code, verifier);
  const access = String(body['access_token']);
  expect(await stateOf(issuer, access)).toMatchObject({ active: true });
  expect(await redeem(issuer, code, verifier)).toMatchObject(refused('invalid_grant', /used before/));
  expect(await stateOf(issuer, access)).toEqual({ active: false });
  const refresh = { grant_type: 'refresh_token', refresh_token: String(body['refresh_token']) };
  expect(await askForTokens(issuer, refresh, web)).toMatchObject(refused('invalid_grant', /revoked/));
});

test('[IS-AC-4] [IS-AC-6] a code that was used takes nothing with it when it comes from who could not have used it', async () => {
  const issuer = await startServer();
  const code = await codeFrom(issuer, challenge);
  const { body } = await redeem(issuer, code, verifier);
  expect(await redeem(issuer, code, pkce().verifier)).toMatchObject(refused('invalid_grant', /code_verifier/));
  expect(await redeem(issuer, code, verifier, 'spa')).toMatchObject(
    refused('invalid_grant', /another client: to 'web', and not to 'spa'/),
  );
  const wrongSecret = { ...web, clientSecret: 'x' };
  expect(await redeem(issuer, code, verifier, wrongSecret)).toMatchObject({ status: 401 });
  expect(await stateOf(issuer, String(body['access_token']))).toMatchObject({ active: true });
});

test('of two uses at once one is the second', async () => {
  const issuer = await startServer();
  const code = await codeFrom(issuer, challenge);
  const answers = await Promise.all([redeem(issuer, code, verifier), redeem(issuer, code, verifier)]);
  expect(answers.map(({ status }) => status).sort()).toEqual([200, 400]);
});

test('[IS-AZ-12] a code is good for a minute, by the clock of the issuer', async () => {
  const issuer = await startServer({ seed: 'still' });
  const [one, other] = [await codeFrom(issuer, challenge), await codeFrom(issuer, challenge)];
  issuer.clock.advance(59);
  expect(await redeem(issuer, one, verifier)).toMatchObject({ status: 200 });
  issuer.clock.advance(1);
  expect(await redeem(issuer, other, verifier)).toMatchObject(refused('invalid_grant', /expired/));
});

test.each([
  ['no verifier', { code_verifier: '' }, 'invalid_request', /code_verifier is missing/],
  ['another verifier', { code_verifier: pkce().verifier }, 'invalid_grant', /not the one whose SHA-256/],
  ['the challenge itself', { code_verifier: challenge }, 'invalid_grant', /the method plain/],
  ['a short verifier', { code_verifier: 'short' }, 'invalid_grant', /43 to 128/],
  ['no code', { code: '' }, 'invalid_request', /code is missing/],
  ['a code nobody issued', { code: 'x' }, 'invalid_grant', /no such code/],
  ['another redirect_uri', { redirect_uri: `${callback}/` }, 'invalid_grant', /redirect_uri/],
  ['a resource that was not granted', { resource: 'https://reports.example.com' }, 'invalid_target', /none of those/],
] as const)(
  '[IS-AC-1] [IS-AC-5] [IS-AC-7] [IS-TK-15] %s is refused, and the code stays good',
  async (_law, changes, error, description) => {
    const issuer = await startServer({ resources: ['https://reports.example.com'] });
    const code = await codeFrom(issuer, challenge);
    const form = { grant_type, code, code_verifier: verifier, redirect_uri: callback };
    expect(await askForTokens(issuer, { ...form, ...changes }, web)).toMatchObject(refused(error, description));
    expect(await askForTokens(issuer, form, web)).toMatchObject({ status: 200 });
  },
);

test('the token can be for some of the resources that were granted', async () => {
  const [one, other] = ['https://one.example', 'https://other.example'];
  const issuer = await startServer({ resources: [one, other] });
  const code = await codeFrom(issuer, challenge, { resource: [one, other] });
  const form = { grant_type, code, code_verifier: verifier, resource: other };
  const { body } = await askForTokens(issuer, form, web);
  expect(await stateOf(issuer, String(body['access_token']))).toMatchObject({ aud: other });
  const refresh = { grant_type: 'refresh_token', refresh_token: String(body['refresh_token']) };
  const next = await askForTokens(issuer, refresh, web);
  expect(await stateOf(issuer, String(next.body['access_token']))).toMatchObject({ aud: [one, other] });
});

test('[IS-AZ-12] dpop_jkt binds a code to a key that then must be shown', async () => {
  const issuer = await startServer();
  const code = await codeFrom(issuer, challenge, { dpop_jkt: challenge });
  expect(await redeem(issuer, code, verifier)).toMatchObject(refused('invalid_grant', /dpop_jkt/));
});

test('[IS-AZ-17] tokens tell how and when their user signed in, for as long as that is good enough', async () => {
  const issuer = await startServer({ acrValues: ['pwd', 'mfa'], seed: 'still' });
  const signIn = async (changes: Record<string, string>) => {
    const { acr, auth_time } = await stateOf(issuer, (await tokensFor(issuer, changes)).access);
    return { acr, age: Math.floor(issuer.clock.now() / 1000) - Number(auth_time) };
  };
  expect(await signIn({})).toEqual({ acr: 'pwd', age: 0 });
  issuer.clock.advance(100);
  expect(await signIn({ max_age: '100' })).toEqual({ acr: 'pwd', age: 100 });
  expect(await signIn({ acr_values: 'other pwd', prompt: 'none' })).toEqual({ acr: 'pwd', age: 100 });
  expect(await signIn({ acr_values: 'other mfa pwd' })).toEqual({ acr: 'pwd', age: 100 });
  expect(await signIn({ acr_values: 'other mfa' })).toEqual({ acr: 'mfa', age: 0 });
  issuer.clock.advance(100);
  expect(await signIn({ max_age: '99' })).toEqual({ acr: 'pwd', age: 0 });
  issuer.clock.advance(1);
  expect(await signIn({ prompt: 'login' })).toEqual({ acr: 'pwd', age: 0 });
  issuer.clock.advance(1);
  await expect(signIn({ max_age: '0', prompt: 'none' })).rejects.toThrow('login_required');
  expect(await signIn({ max_age: '0' })).toEqual({ acr: 'pwd', age: 0 });
});

test('[IS-CC-3] a user cannot be called as a client is, nor as another user', async () => {
  const clients = [{ client_id: 'web', client_secret: 's' }];
  await expect(startIssuer({ clients, users: [{ sub: 'web' }] })).rejects.toThrow('the \'sub\' "web" is taken');
  await expect(startIssuer({ users: [{ sub: 'ada' }, { sub: 'ada' }] })).rejects.toThrow('users[1]');
  await startIssuer({ clients, users: [{ sub: 'ada' }] });
});
