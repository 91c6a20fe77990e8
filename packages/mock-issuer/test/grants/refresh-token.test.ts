import { expect, test } from 'vitest';
import type { MockIssuer } from '../../src/index.js';
import { askForTokens, basic, type Caller, post, stateOf, type TokenAnswer } from '../caller.js';
import { startServer, tokensFor, web } from '../flow.js';

const DAY = 24 * 3600;
const spa = { client_id: 'spa', redirect_uri: 'https://spa.example/' };
const refused = (description: RegExp) => ({
  status: 400,
  body: { error: 'invalid_grant', error_description: expect.stringMatching(description) },
});

function refresh(
  issuer: MockIssuer,
  token: unknown,
  caller: Caller | string = web,
  more: Record<string, string> = {},
): Promise<TokenAnswer> {
  return askForTokens(issuer, { grant_type: 'refresh_token', refresh_token: String(token), ...more }, caller);
}

test.each([
  ['a confidential client', web, {}],
  ['a public client', 'spa', spa],
])('[IS-RT-2] %s gets another pair of tokens, each time', async (_law, caller, changes) => {
  const issuer = await startServer();
  let { refresh: token } = await tokensFor(issuer, changes);
  const seen = new Set([token]);
  for (let round = 0; round < 3; round++) {
    const { status, body } = await refresh(issuer, token, caller);
    expect(status).toBe(200);
    expect(await stateOf(issuer, String(body['access_token']))).toMatchObject({ active: true, sub: 'ada' });
    token = String(body['refresh_token']);
    seen.add(token);
  }
  expect(seen.size).toBe(4);
});

test('[IS-RT-3] a refresh token that is used twice takes everything with it', async () => {
  const issuer = await startServer();
  const first = await tokensFor(issuer);
  const other = await tokensFor(issuer);
  const { body: second } = await refresh(issuer, first.refresh);
  expect(await refresh(issuer, first.refresh)).toMatchObject(refused(/used before/));
  expect(await refresh(issuer, second['refresh_token'])).toMatchObject(refused(/revoked/));
  for (const token of [first.access, String(second['access_token'])]) {
    expect(await stateOf(issuer, token)).toEqual({ active: false });
  }
  expect(await stateOf(issuer, other.access)).toMatchObject({ active: true });
  expect(await refresh(issuer, other.refresh)).toMatchObject({ status: 200 });
});

test.each([0, 10])(
  '[IS-RT-3] no use before a clock that went back makes a token new again, with %i seconds of grace',
  async (graceSeconds) => {
    const issuer = await startServer({ refreshTokens: { graceSeconds } });
    const { refresh: token } = await tokensFor(issuer);
    issuer.clock.advance(3600);
    expect(await refresh(issuer, token)).toMatchObject({ status: 200 });
    issuer.clock.reset?.();
    expect(await refresh(issuer, token)).toMatchObject(refused(/used before/));
  },
);

test('of two uses at once one is the second', async () => {
  const issuer = await startServer();
  const { refresh: token } = await tokensFor(issuer);
  const answers = await Promise.all([refresh(issuer, token), refresh(issuer, token)]);
  expect(answers.map(({ status }) => status).sort()).toEqual([200, 400]);
});

test('[IS-RT-1] a refresh token is of no use to another client, and takes nothing with it when one tries', async () => {
  const issuer = await startServer();
  const { refresh: token, access } = await tokensFor(issuer);
  expect(await refresh(issuer, token, 'spa')).toMatchObject(refused(/another client: to 'web', and not to 'spa'/));
  expect(await refresh(issuer, token, { ...web, clientSecret: 'x' })).toMatchObject({ status: 401 });
  await refresh(issuer, token);
  expect(await refresh(issuer, token, 'spa')).toMatchObject(refused(/another client/));
  expect(await stateOf(issuer, access)).toMatchObject({ active: true });
  expect(await refresh(issuer, 'unknown')).toMatchObject(refused(/no such refresh token/));
});

test('[IS-RT-5] the scope can be narrowed for one access token, and is whole again for the next', async () => {
  const issuer = await startServer();
  const { refresh: token } = await tokensFor(issuer);
  const { body: narrow } = await refresh(issuer, token, web, { scope: 'read' });
  expect(narrow).toMatchObject({ scope: 'read' });
  expect(await stateOf(issuer, String(narrow['access_token']))).toMatchObject({ scope: 'read' });
  const { body: whole } = await refresh(issuer, narrow['refresh_token'], web);
  expect(whole).toMatchObject({ scope: 'read write' });
});

test('[IS-RT-5] the scope is never wider than what was granted, and asking for more costs nothing', async () => {
  const issuer = await startServer();
  const { refresh: token } = await tokensFor(issuer, { scope: 'read' });
  const wider = await refresh(issuer, token, web, { scope: 'read write' });
  expect(wider).toMatchObject({ status: 400, body: { error: 'invalid_scope' } });
  expect(wider.body['error_description']).toContain("'write' was not granted; granted was 'read'");
  expect(await refresh(issuer, token)).toMatchObject({ status: 200, body: { scope: 'read' } });
});

test('authorization details can be narrowed, and not be others', async () => {
  const issuer = await startServer({ authorizationDetailsTypes: ['pay', 'see'] });
  const [pay, see] = [{ type: 'pay', actions: ['start'] }, { type: 'see' }];
  const authorization_details = JSON.stringify([pay, see]);
  let { refresh: token } = await tokensFor(issuer, { authorization_details });
  const narrow = await refresh(issuer, token, web, { authorization_details: JSON.stringify([see]) });
  expect(narrow.body).toMatchObject({ authorization_details: [see] });
  token = String(narrow.body['refresh_token']);
  for (const other of [[{ type: 'pay', actions: ['start', 'stop'] }], [{ type: 'own' }]]) {
    const { body } = await refresh(issuer, token, web, { authorization_details: JSON.stringify(other) });
    expect(body).toMatchObject({ error: 'invalid_authorization_details' });
  }
  expect((await refresh(issuer, token)).body).toMatchObject({ authorization_details: [pay, see] });
});

test('[IS-RT-7] how and when the user signed in does not change', async () => {
  const issuer = await startServer({ acrValues: ['pwd'], seed: 'still' });
  const { refresh: token, access } = await tokensFor(issuer);
  const { acr, auth_time } = await stateOf(issuer, access);
  issuer.clock.advance(1000);
  const { body } = await refresh(issuer, token);
  expect(await stateOf(issuer, String(body['access_token']))).toMatchObject({ acr, auth_time });
  expect({ acr, auth_time }).toEqual({ acr: 'pwd', auth_time: expect.any(Number) });
});

test('[IS-RT-6] a refresh token that is not used expires, and one that is used does in the end', async () => {
  const lifetimes = { refreshTokenIdleSeconds: 2 * DAY, refreshTokenSeconds: 5 * DAY };
  const issuer = await startServer({ lifetimes, seed: 'still' });
  const idle = await tokensFor(issuer);
  let { refresh: token } = await tokensFor(issuer);
  for (let day = 0; day < 4; day++) {
    issuer.clock.advance(DAY);
    const { status, body } = await refresh(issuer, token);
    expect(status).toBe(200);
    token = String(body['refresh_token']);
  }
  expect(await refresh(issuer, idle.refresh)).toMatchObject(refused(/not used for 172800 seconds/));
  issuer.clock.advance(DAY);
  expect(await refresh(issuer, token)).toMatchObject(refused(/the grant is 432000 seconds old/));
});

test('[IS-RT-4] within the time of grace a client may try again, and not after it', async () => {
  const issuer = await startServer({ refreshTokens: { graceSeconds: 10 }, seed: 'still' });
  const { refresh: token } = await tokensFor(issuer);
  expect(await refresh(issuer, token)).toMatchObject({ status: 200 });
  issuer.clock.advance(9);
  expect(await refresh(issuer, token)).toMatchObject({ status: 200 });
  issuer.clock.advance(1);
  expect(await refresh(issuer, token)).toMatchObject(refused(/used before/));
});

test('[IS-RT-8] without rotation a refresh token stays, but for a public client that nothing binds', async () => {
  const issuer = await startServer({ refreshTokens: { rotate: false } });
  const { refresh: token } = await tokensFor(issuer);
  expect((await refresh(issuer, token)).body).toMatchObject({ refresh_token: token });
  expect((await refresh(issuer, token)).body).toMatchObject({ refresh_token: token });
  const { refresh: bare } = await tokensFor(issuer, spa);
  expect((await refresh(issuer, bare, 'spa')).body['refresh_token']).not.toBe(bare);
});

test('[IS-RV-1] [IS-RV-3] [IS-RV-4] a revoked refresh token takes everything with it, whatever the hint, and only its client revokes it', async () => {
  const issuer = await startServer();
  const { refresh: token, access } = await tokensFor(issuer);
  const foreign = await post(issuer.revocationEndpoint, { token, client_id: 'spa' });
  expect(await foreign.json()).toMatchObject({ error: 'invalid_grant' });
  expect(await stateOf(issuer, access)).toMatchObject({ active: true });
  const form = { token, token_type_hint: 'access_token' };
  expect((await post(issuer.revocationEndpoint, form, { authorization: basic(web) })).status).toBe(200);
  expect(await stateOf(issuer, access)).toEqual({ active: false });
  expect(await refresh(issuer, token)).toMatchObject(refused(/revoked/));
});

test('an access token that is revoked takes nothing with it', async () => {
  const issuer = await startServer();
  const { refresh: token, access } = await tokensFor(issuer);
  await post(issuer.revocationEndpoint, { token: access }, { authorization: basic(web) });
  expect(await stateOf(issuer, access)).toEqual({ active: false });
  expect(await refresh(issuer, token)).toMatchObject({ status: 200 });
});

test('issuer.revoke takes refresh tokens too', async () => {
  const issuer = await startServer();
  const { refresh: token, access } = await tokensFor(issuer);
  issuer.revoke(token);
  expect(await stateOf(issuer, access)).toEqual({ active: false });
});

test('no resource server is told of a refresh token', async () => {
  const issuer = await startServer();
  const { refresh: token } = await tokensFor(issuer);
  expect(await stateOf(issuer, token)).toEqual({ active: false });
});
