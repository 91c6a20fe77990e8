import { expect, test } from 'vitest';
import { type AuthorizeRequest, createMockClock, type MockIssuer } from '../../src/index.js';
import { askForTokens, basic, post, stateOf } from '../caller.js';
import {
  accessToken,
  api,
  exchange,
  exchanged,
  exchangedState,
  gateway,
  refused,
  reports,
  startExchange,
} from '../exchange/gateway.js';
import { redeem, web } from '../flow.js';
import { verify } from '../referee.js';

const service = { ...gateway, clientId: 'service' };

/** The tokens of a user of the web application. */
async function grantOf(issuer: MockIssuer, request: Partial<AuthorizeRequest> = {}) {
  return (await issuer.authorize({ client: 'web', user: 'ada', scope: 'read write', ...request })).tokens();
}

test.each(['jwt', 'opaque'] as const)(
  '[IS-TX-1] [IS-TX-3] a gateway trades a user\u2019s %s token for one of its own for another API, and gets nothing to refresh it with',
  async (accessTokenFormat) => {
    const issuer = await startExchange({ accessTokenFormat });
    const { access_token } = await grantOf(issuer, { acrValues: 'mfa' });
    const { status, headers, body } = await exchange(issuer, access_token, { resource: reports, scope: 'read' });
    expect([status, headers.get('cache-control')]).toEqual([200, 'no-store']);
    expect(body).toEqual({
      access_token: expect.any(String),
      issued_token_type: accessToken,
      token_type: 'Bearer',
      expires_in: expect.any(Number),
      scope: 'read',
    });
    const state = await stateOf(issuer, String(body['access_token']));
    const { auth_time } = await stateOf(issuer, access_token);
    expect(state).toMatchObject({
      sub: 'ada',
      client_id: 'gateway',
      aud: reports,
      scope: 'read',
      acr: 'mfa',
      auth_time,
    });
    expect(state).not.toHaveProperty('act');
    expect(await stateOf(issuer, access_token)).toMatchObject({ active: true, client_id: 'web', aud: api });
    if (accessTokenFormat === 'jwt') await verify(issuer, String(body['access_token']), { audience: reports });
  },
);

test('[IS-TX-8] the scope is never wider than that of the subject token, nor than what the client may have', async () => {
  const issuer = await startExchange();
  const token = await issuer.token({ scope: 'read write' });
  expect(await exchangedState(issuer, token)).toMatchObject({ scope: 'read write' });
  expect(await exchangedState(issuer, token, { scope: 'write' })).toMatchObject({ scope: 'write' });
  expect(await exchange(issuer, token, { scope: 'read admin' })).toMatchObject(
    refused('invalid_scope', /'admin' was not/),
  );
  expect(await exchangedState(issuer, token, {}, service)).toMatchObject({ scope: 'read' });
  expect(await exchange(issuer, token, { scope: 'write' }, service)).toMatchObject(
    refused('invalid_scope', /not registered for the scope 'write'/),
  );
  const narrow = await exchanged(issuer, token, { scope: 'write' });
  expect(await exchange(issuer, narrow, { scope: 'read' })).toMatchObject(refused('invalid_scope', /'read' was not/));
  expect(await exchangedState(issuer, await issuer.token())).not.toHaveProperty('scope');
  expect(await exchange(issuer, await issuer.token(), { scope: 'read' })).toMatchObject(
    refused('invalid_scope', /none/),
  );
});

test('[IS-TX-7] the audience is that of the subject token, or what is named as resource or audience', async () => {
  const issuer = await startExchange();
  const token = await issuer.token({ audience: [api, 'urn:own'] });
  const audienceOf = async (changes: Parameters<typeof exchange>[2]) =>
    (await exchangedState(issuer, token, changes))['aud'];
  expect(await audienceOf({})).toEqual([api, 'urn:own']);
  expect(await audienceOf({ audience: 'urn:own' })).toBe('urn:own');
  expect(await audienceOf({ resource: reports })).toBe(reports);
  expect(await audienceOf({ resource: [reports, api], audience: [api] })).toEqual([reports, api]);
});

test.each([
  [{ resource: 'https://other.example' }, /resource 'https:\/\/other\.example' is none of those known here/],
  [{ audience: 'other' }, /audience 'other' is none of those known here/],
  [{ resource: reports, audience: 'other' }, /audience 'other'/],
  [{ resource: 'reports' }, /no absolute URI/],
  [{ resource: `${reports}#x` }, /fragment/],
  [{ audience: `${reports}/` }, /slash at the end/],
])('[IS-TX-7] the target %j is invalid_target', async (changes, description) => {
  const issuer = await startExchange();
  const token = await issuer.token();
  expect(await exchange(issuer, token, changes)).toMatchObject(refused('invalid_target', description));
});

test('a token for nobody needs a target', async () => {
  const issuer = await startExchange();
  const token = await issuer.token({ claims: { aud: undefined } });
  expect(await exchange(issuer, token)).toMatchObject(refused('invalid_target', /no aud/));
  expect(await exchangedState(issuer, token, { resource: reports })).toMatchObject({ aud: reports });
});

test('authorization details are those of the subject token, or some of them', async () => {
  const issuer = await startExchange();
  const [pay, see] = [{ type: 'pay' }, { type: 'see' }];
  const { access_token } = await grantOf(issuer, { authorizationDetails: [pay, see] });
  const detailsOf = async (authorization_details?: string) =>
    (await exchangedState(issuer, access_token, { authorization_details }))['authorization_details'];
  expect(await detailsOf()).toEqual([pay, see]);
  expect(await detailsOf(JSON.stringify([see]))).toEqual([see]);
  const wider = { authorization_details: JSON.stringify([{ ...pay, actions: ['all'] }]) };
  expect(await exchange(issuer, access_token, wider)).toMatchObject(
    refused('invalid_authorization_details', /granted/),
  );
});

test('[IS-TX-8] the new token lives no longer than the subject token, nor than others do', async () => {
  const issuer = await startExchange({ seed: 'a clock that stands still' });
  for (const [lives, expected] of [
    [60, 60],
    [3600, 300],
  ] as const) {
    const token = await issuer.token({ expiresInSeconds: lives });
    const { body } = await exchange(issuer, token);
    expect(body['expires_in']).toBe(expected);
    const { exp } = await stateOf(issuer, token);
    const state = await stateOf(issuer, String(body['access_token']));
    expect(state['exp']).toBe(Math.min(Number(exp), Number(state['iat']) + 300));
  }
  const endless = await issuer.token({ claims: { exp: undefined } });
  expect((await exchange(issuer, endless)).body['expires_in']).toBe(300);
  const odd = await issuer.token({ claims: { exp: 'tomorrow' } });
  expect(await exchange(issuer, odd)).toMatchObject(
    refused('invalid_request', /exp of the subject_token is no number/),
  );
});

test('[IS-TX-9] with the grant of the subject token everything goes that was exchanged for it', async () => {
  const issuer = await startExchange();
  const first = await grantOf(issuer);
  const other = await grantOf(issuer);
  const once = await exchanged(issuer, first.access_token);
  const twice = await exchanged(issuer, once, {}, service);
  const foreign = await exchanged(issuer, other.access_token);
  const revocation = { token: first.refresh_token ?? '' };
  expect((await post(issuer.revocationEndpoint, revocation, { authorization: basic(web) })).status).toBe(200);
  for (const token of [first.access_token, once, twice]) {
    expect(await stateOf(issuer, token)).toEqual({ active: false });
    expect(await exchange(issuer, token)).toMatchObject(refused('invalid_request', /was revoked/));
  }
  expect(await stateOf(issuer, foreign)).toMatchObject({ active: true });
});

test('a code that is used twice takes with it what was exchanged', async () => {
  const issuer = await startExchange();
  const { code, codeVerifier = '' } = await issuer.authorize({ client: 'web' });
  const { body } = await redeem(issuer, code, codeVerifier);
  const token = await exchanged(issuer, String(body['access_token']));
  expect(await stateOf(issuer, token)).toMatchObject({ active: true });
  await redeem(issuer, code, codeVerifier);
  expect(await stateOf(issuer, token)).toEqual({ active: false });
});

test('[IS-TX-9] the end of the subject token alone is not that of the new one', async () => {
  const issuer = await startExchange();
  const { access_token } = await grantOf(issuer);
  const token = await exchanged(issuer, access_token);
  issuer.revoke(access_token);
  expect(await stateOf(issuer, access_token)).toEqual({ active: false });
  expect(await stateOf(issuer, token)).toMatchObject({ active: true });
});

test('[IS-TX-2] only clients that can show who they are, and are registered for it, exchange tokens', async () => {
  const issuer = await startExchange();
  const token = await issuer.token();
  expect(await exchange(issuer, token, {}, 'spa')).toMatchObject(refused('unauthorized_client', /no credentials/));
  expect(await exchange(issuer, token, {}, web)).toMatchObject(refused('unauthorized_client', /not registered for/));
  expect((await exchange(issuer, token, {}, { ...gateway, clientSecret: 'x' })).status).toBe(401);
  expect(await exchange(issuer, token, {}, issuer.resourceServer)).toMatchObject(refused('unauthorized_client', /./));
  expect((await exchange(issuer, token)).status).toBe(200);
});

const others = ['refresh_token', 'id_token', 'jwt', 'saml2'].map((one) => `urn:ietf:params:oauth:token-type:${one}`);

test.each([
  [{ subject_token: undefined }, /subject_token is missing/],
  [{ subject_token: '' }, /subject_token is missing/],
  [{ subject_token_type: undefined }, /subject_token_type is missing/],
  [{ subject_token: 'x' }, /no access token that was issued here/],
  ...others.map((type) => [{ subject_token_type: type }, /the subject_token_type .* must be .*access_token/] as const),
  ...others.map((type) => [{ requested_token_type: type }, /the requested_token_type .* must be/] as const),
  [{ actor_token: 'x' }, /actor_token_type is missing/],
  [{ actor_token_type: accessToken }, /actor_token_type is there and actor_token is not/],
  [{ actor_token: 'x', actor_token_type: accessToken }, /the actor_token is no access token/],
] as const)('[IS-TX-4] the request with %j is invalid_request', async (changes, description) => {
  const issuer = await startExchange();
  const token = await issuer.token();
  expect(await exchange(issuer, token, changes)).toMatchObject(refused('invalid_request', description));
  expect((await exchange(issuer, token, { requested_token_type: accessToken })).status).toBe(200);
});

test.each([
  ['expired', /expired 3600 seconds ago/],
  ['notYetValid', /not valid for another 3600 seconds/],
  ['wrongIssuer', /iss of another issuer/],
  ['opaque', /no access token that was issued here/],
  ['foreignSignature', /no access token that was issued here/],
  ['algNone', /no access token that was issued here/],
  ['tampered', /no access token that was issued here/],
] as const)('[IS-TX-4] a subject token that is %s is invalid_request', async (name, description) => {
  const issuer = await startExchange({ seed: 'a clock that stands still' });
  expect(await exchange(issuer, await issuer.bad[name]())).toMatchObject(refused('invalid_request', description));
});

test('[IS-TX-4] so is one that was revoked, is suspended, is about nobody, or is a refresh token', async () => {
  const issuer = await startExchange();
  const [revoked, suspended] = [await issuer.token(), await issuer.token({ status: 'suspended' })];
  issuer.revoke(revoked);
  const refusal = (text: RegExp) => refused('invalid_request', text);
  expect(await exchange(issuer, revoked)).toMatchObject(refusal(/was revoked/));
  expect(await exchange(issuer, suspended)).toMatchObject(refusal(/invalid or suspended/));
  issuer.statusList.set(suspended, 'valid');
  expect((await exchange(issuer, suspended)).status).toBe(200);
  expect(await exchange(issuer, await issuer.bad.missingClaim('sub'))).toMatchObject(refusal(/no sub/));
  const { refresh_token = '' } = await grantOf(issuer);
  expect(await exchange(issuer, refresh_token)).toMatchObject(refusal(/no access token/));
});

test('a token of another issuer is none, though the two share a clock', async () => {
  const clock = createMockClock();
  const [issuer, other] = [await startExchange({ clock }), await startExchange({ clock })];
  expect(await exchange(issuer, await other.token())).toMatchObject(refused('invalid_request', /issued here/));
});

test('a client may exchange its own token for one that can do less', async () => {
  const issuer = await startExchange();
  const { body } = await askForTokens(issuer, { grant_type: 'client_credentials', scope: 'a b' }, gateway);
  const state = await exchangedState(issuer, String(body['access_token']), { scope: 'a', audience: reports });
  expect(state).toMatchObject({ sub: 'gateway', scope: 'a', aud: reports });
});

test('after a reset no token of before can be exchanged', async () => {
  const issuer = await startExchange();
  const token = await issuer.token();
  issuer.reset();
  expect(await exchange(issuer, token)).toMatchObject(refused('invalid_request', /issued here/));
});
