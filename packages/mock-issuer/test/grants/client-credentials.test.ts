import { expect, test } from 'vitest';
import type { MockIssuerOptions } from '../../src/index.js';
import { askForTokens, stateOf } from '../caller.js';
import { startIssuer, verify } from '../referee.js';

const job = { clientId: 'job', clientSecret: 's3cret' };
const grant_type = 'client_credentials';
const audience = 'https://api.example.com';
const reports = 'https://reports.example.com';
const payment = { type: 'payment', actions: ['initiate'] };

const start = (options: MockIssuerOptions = {}) =>
  startIssuer({
    clients: [
      { client_id: 'job', client_secret: 's3cret', grant_types: [grant_type, 'refresh_token'], scope: 'read write' },
      { client_id: 'any', client_secret: 's3cret', grant_types: [grant_type] },
      { client_id: 'spa', token_endpoint_auth_method: 'none', grant_types: [grant_type] },
    ],
    resources: [reports],
    authorizationDetailsTypes: ['payment'],
    ...options,
  });

test('[IS-CC-2] [IS-TK-7] [IS-TK-13] a client gets a token of RFC 9068 on its own behalf, and no refresh token', async () => {
  const issuer = await start();
  const { status, body } = await askForTokens(issuer, { grant_type, scope: 'read' }, job);
  expect(status).toBe(200);
  expect(body).toEqual({
    access_token: expect.any(String),
    token_type: 'Bearer',
    expires_in: 300,
    scope: 'read',
  });
  const token = String(body['access_token']);
  const { payload } = await verify(issuer, token, { subject: 'job' });
  expect(payload).toMatchObject({ client_id: 'job', scope: 'read', aud: audience });
  expect(Number(payload.exp) - Number(payload.iat)).toBe(300);
  expect(await stateOf(issuer, token)).toMatchObject({ active: true, sub: 'job' });
});

test('tokens are opaque where the issuer makes such', async () => {
  const issuer = await start({ accessTokenFormat: 'opaque', lifetimes: { accessTokenSeconds: 60 } });
  const { body } = await askForTokens(issuer, { grant_type }, job);
  expect(body['access_token']).toMatch(/^[\w-]{43}$/);
  expect(await stateOf(issuer, String(body['access_token']))).toMatchObject({ active: true, scope: 'read write' });
  issuer.clock.advance(61);
  expect(await stateOf(issuer, String(body['access_token']))).toEqual({ active: false });
});

test('[IS-CC-1] a client without credentials gets nothing', async () => {
  const answer = await askForTokens(await start(), { grant_type }, 'spa');
  expect(answer).toMatchObject({ status: 400, body: { error: 'unauthorized_client' } });
});

test('who names no scope gets what it is registered for; who is registered for none may name any', async () => {
  const issuer = await start();
  expect((await askForTokens(issuer, { grant_type }, job)).body).toMatchObject({ scope: 'read write' });
  const any = { ...job, clientId: 'any' };
  expect((await askForTokens(issuer, { grant_type }, any)).body).not.toHaveProperty('scope');
  expect((await askForTokens(issuer, { grant_type, scope: 'x:y z' }, any)).body).toMatchObject({ scope: 'x:y z' });
});

test.each([
  ['admin', /'admin'; it has 'read write'/],
  ['read admin', /'admin'/],
  ['read  write', /one space/],
  [' read', /one space/],
  ['"read"', /visible ASCII/],
  ['lire\u00e9', /visible ASCII/],
])('the scope %j is refused', async (scope, description) => {
  const { status, body } = await askForTokens(await start(), { grant_type, scope }, job);
  expect({ status, error: body['error'] }).toEqual({ status: 400, error: 'invalid_scope' });
  expect(body['error_description']).toMatch(description);
});

test('[IS-TK-13] [IS-TK-14] the audience is what was named as resource, one or more', async () => {
  const issuer = await start();
  const audienceOf = async (...resources: string[]) => {
    const form: [string, string][] = [
      ['grant_type', grant_type],
      ...resources.map((one): [string, string] => ['resource', one]),
    ];
    const { body } = await askForTokens(issuer, form, job);
    return (await stateOf(issuer, String(body['access_token'])))['aud'];
  };
  expect(await audienceOf()).toBe(audience);
  expect(await audienceOf(reports)).toBe(reports);
  expect(await audienceOf(reports, audience, reports)).toEqual([reports, audience]);
});

test.each([
  [`${reports}/`, /differs from 'https:\/\/reports\.example\.com' by a slash at the end/],
  ['https://other.example', /none of those known here/],
  ['reports', /no absolute URI/],
  [`${reports}#x`, /fragment/],
])('the resource %j is refused', async (resource, description) => {
  const { status, body } = await askForTokens(await start(), { grant_type, resource }, job);
  expect({ status, error: body['error'] }).toEqual({ status: 400, error: 'invalid_target' });
  expect(body['error_description']).toMatch(description);
});

test('authorization details of a known type come back, in the answer and in the token', async () => {
  const issuer = await start();
  const { body } = await askForTokens(issuer, { grant_type, authorization_details: JSON.stringify([payment]) }, job);
  expect(body).toMatchObject({ authorization_details: [payment] });
  expect(await stateOf(issuer, String(body['access_token']))).toMatchObject({ authorization_details: [payment] });
});

test.each([
  '{}',
  '[]',
  'nonsense',
  '[1]',
  '[{"actions":["initiate"]}]',
  '[{"type":"account"}]',
  '[{"type":"payment","actions":"initiate"}]',
  `${'['.repeat(9000)}${']'.repeat(9000)}`,
])('the authorization details %.40s are refused', async (authorization_details) => {
  const { status, body } = await askForTokens(await start(), { grant_type, authorization_details }, job);
  expect({ status, error: body['error'] }).toEqual({ status: 400, error: 'invalid_authorization_details' });
});

test('[IS-AZ-18] authorization details that are too deep to be written again are refused, and no answer fails', async () => {
  const nested = (depth: number) => `[{"type":"payment","x":${'['.repeat(depth)}${']'.repeat(depth)}}]`;
  const issuer = await start();
  for (const [depth, status] of [
    [29, 200],
    [32, 400],
    [9_000, 400],
  ] as const) {
    const answer = await askForTokens(issuer, { grant_type, authorization_details: nested(depth) }, job);
    expect([depth, answer.status]).toEqual([depth, status]);
    if (status === 400) expect(answer.body).toMatchObject({ error: 'invalid_authorization_details' });
  }
});
