import { expect, test } from 'vitest';
import type { MockIssuer } from '../../src/index.js';
import { basic, type Caller, post } from '../caller.js';
import { callback, pkce, redeem, requestOf, sentTo, startServer, visit, web } from '../flow.js';

const { challenge, verifier } = pkce();
type Changes = Parameters<typeof requestOf>[1];

async function push(issuer: MockIssuer, changes: Changes = {}, caller: Caller | undefined = web, dpop?: string) {
  const headers = { ...(caller && { authorization: basic(caller) }), ...(dpop !== undefined && { dpop }) };
  const response = await post(issuer.pushedAuthorizationRequestEndpoint, requestOf(challenge, changes), headers);
  const body = (await response.json()) as Record<string, unknown>;
  return { status: response.status, headers: response.headers, body, uri: String(body['request_uri']) };
}

const go = (issuer: MockIssuer, request_uri: string, client_id = 'web') =>
  visit(issuer, [
    ['client_id', client_id],
    ['request_uri', request_uri],
  ]);

test('[IS-PAR-4] a request that was pushed is put before the user under its request_uri, state and all', async () => {
  const issuer = await startServer();
  const { status, headers, body, uri } = await push(issuer);
  expect(status).toBe(201);
  expect(body).toEqual({
    request_uri: expect.stringMatching(/^urn:ietf:params:oauth:request_uri:[\w-]{43}$/),
    expires_in: 60,
  });
  expect(headers.get('cache-control')).toBe('no-store');
  expect(headers.get('access-control-allow-origin')).toBe('*');
  const { address, told } = sentTo(await go(issuer, uri));
  expect({ address, told }).toMatchObject({ address: callback, told: { state: 'xyz', iss: issuer.issuer } });
  expect(await redeem(issuer, String(told['code']), verifier)).toMatchObject({ status: 200 });
  expect(issuer.requests.count('par')).toBe(1);
});

test('what stands beside a request_uri does not count', async () => {
  const issuer = await startServer();
  const { uri } = await push(issuer, { scope: 'read' });
  const beside = requestOf(pkce().challenge, { request_uri: uri, scope: 'write', state: 'other' });
  const { told } = sentTo(await visit(issuer, beside));
  expect(told).toMatchObject({ state: 'xyz' });
  expect(await redeem(issuer, String(told['code']), verifier)).toMatchObject({ body: { scope: 'read' } });
});

test('[IS-AZ-20] a request_uri is good once, for a minute, and for its client', async () => {
  const issuer = await startServer({ seed: 'still' });
  const [once, late, own] = [await push(issuer), await push(issuer), await push(issuer)];
  expect((await go(issuer, own.uri, 'spa')).status).toBe(400);
  expect((await go(issuer, own.uri)).status).toBe(303);
  expect((await go(issuer, once.uri)).status).toBe(303);
  const again = await go(issuer, once.uri);
  expect([again.status, again.headers.get('location')]).toEqual([400, null]);
  expect(await again.text()).toMatch(/invalid_request_uri.*used before/);
  issuer.clock.advance(60);
  expect(await (await go(issuer, late.uri)).text()).toMatch(/expired/);
});

test.each([
  ['a request_uri', { request_uri: 'urn:ietf:params:oauth:request_uri:x' }, 'invalid_request', /request_uri/],
  ['an unregistered redirect_uri', { redirect_uri: `${callback}/` }, 'invalid_request', /by a slash at the end/],
  ['no challenge', { code_challenge: undefined }, 'invalid_request', /code_challenge/],
  ['the method plain', { code_challenge_method: 'plain' }, 'invalid_request', /plain/],
  ['a scope it has not', { scope: 'admin' }, 'invalid_scope', /admin/],
  ['a repeated parameter', { state: ['a', 'b'] }, 'invalid_request', /state came more than once/],
  ['another client_id', { client_id: 'spa' }, 'invalid_request', /'spa'/],
  ['another response_type', { response_type: 'token' }, 'unsupported_response_type', /token/],
] as const)('[IS-PAR-2] [IS-PAR-3] %s is refused at once, in JSON', async (_law, changes, error, description) => {
  const { status, headers, body } = await push(await startServer(), changes);
  expect({ status, body }).toEqual({
    status: 400,
    body: { error, error_description: expect.stringMatching(description) },
  });
  expect(headers.get('location')).toBeNull();
});

test('[IS-PAR-1] only clients push, and they show who they are', async () => {
  const issuer = await startServer();
  expect(await push(issuer, {}, { ...web, clientSecret: 'x' })).toMatchObject({ status: 401 });
  const unnamed = await post(issuer.pushedAuthorizationRequestEndpoint, requestOf(challenge));
  expect([unnamed.status, await unnamed.json()]).toMatchObject([401, { error: 'invalid_client' }]);
  const server = await push(issuer, { client_id: undefined }, issuer.resourceServer);
  expect(server).toMatchObject({ status: 400, body: { error: 'unauthorized_client' } });
  expect(await push(issuer, { client_id: undefined })).toMatchObject({ status: 201 });
});

test('[IS-PAR-5] other methods are 405', async () => {
  const issuer = await startServer();
  const response = await fetch(issuer.pushedAuthorizationRequestEndpoint);
  expect([response.status, response.headers.get('allow')]).toEqual([405, 'POST']);
});

test('[IS-AZ-19] where requests must be pushed others are refused, for one client or for all', async () => {
  const client = { client_id: 'web', client_secret: 's3cret', redirect_uris: [callback] };
  const issuers = [
    await startServer({ requirePushedAuthorizationRequests: true }),
    await startServer({ clients: [{ ...client, require_pushed_authorization_requests: true }] }),
  ];
  for (const issuer of issuers) {
    const { told } = sentTo(await visit(issuer, requestOf(challenge)));
    expect(told).toMatchObject({ error: 'invalid_request', error_description: expect.stringContaining('push') });
    expect(sentTo(await go(issuer, (await push(issuer)).uri)).told).toHaveProperty('code');
  }
});

test.each([
  ['dpop_jkt', true, false],
  ['a proof', false, true],
  ['both', true, true],
])('[IS-PAR-6] a request that was pushed with %s is bound to that key', async (_law, named, proven) => {
  const issuer = await startServer();
  const key = await issuer.dpop.key();
  const proof = (url: string, by = key) => issuer.dpop.proof({ key: by, method: 'POST', url });
  const { status, uri } = await push(
    issuer,
    named ? { dpop_jkt: key.thumbprint } : {},
    web,
    proven ? await proof(issuer.pushedAuthorizationRequestEndpoint) : undefined,
  );
  expect(status).toBe(201);
  const code = String(sentTo(await go(issuer, uri)).told['code']);
  const form = { grant_type: 'authorization_code', code, code_verifier: verifier };
  const redeemWith = async (dpop?: string) => {
    const headers = { authorization: basic(web), ...(dpop !== undefined && { dpop }) };
    return (await post(issuer.tokenEndpoint, form, headers)).json();
  };
  expect(await redeemWith()).toMatchObject({ error: 'invalid_grant' });
  expect(await redeemWith(await proof(issuer.tokenEndpoint, await issuer.dpop.key()))).toMatchObject({
    error: 'invalid_grant',
  });
  expect(await redeemWith(await proof(issuer.tokenEndpoint))).toMatchObject({ token_type: 'DPoP' });
});

test('[IS-PAR-6] a dpop_jkt that is not the key of the proof is refused, and so is a proof for another endpoint', async () => {
  const issuer = await startServer();
  const key = await issuer.dpop.key();
  const proof = (url: string) => issuer.dpop.proof({ key, method: 'POST', url });
  const other = { dpop_jkt: (await issuer.dpop.key()).thumbprint };
  expect(await push(issuer, other, web, await proof(issuer.pushedAuthorizationRequestEndpoint))).toMatchObject({
    status: 400,
    body: { error: 'invalid_request', error_description: expect.stringContaining('dpop_jkt') },
  });
  expect(await push(issuer, {}, web, await proof(issuer.tokenEndpoint))).toMatchObject({
    status: 400,
    body: { error: 'invalid_dpop_proof' },
  });
  expect(await push(issuer, { dpop_jkt: 'x' })).toMatchObject({ status: 400, body: { error: 'invalid_request' } });
});

test('[IS-PAR-6] a pushed request is told of nonces as a token request is', async () => {
  const issuer = await startServer({ dpop: { nonces: true } });
  const key = await issuer.dpop.key();
  const request = { key, method: 'POST', url: issuer.pushedAuthorizationRequestEndpoint };
  const first = await push(issuer, {}, web, await issuer.dpop.proof(request));
  expect(first).toMatchObject({ status: 400, body: { error: 'use_dpop_nonce' } });
  const nonce = first.headers.get('dpop-nonce') ?? '';
  const second = await push(issuer, {}, web, await issuer.dpop.proof({ ...request, nonce }));
  expect([second.status, second.headers.get('dpop-nonce')]).toEqual([201, nonce]);
});
