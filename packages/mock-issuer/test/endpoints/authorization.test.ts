import { describe, expect, test } from 'vitest';
import type { MockIssuer } from '../../src/index.js';
import { askForTokens, post, stateOf } from '../caller.js';
import { callback, codeFrom, pkce, requestOf, sentTo, startServer, visit, web } from '../flow.js';

const { challenge, verifier } = pkce();
const granted = { code: expect.stringMatching(/^[\w-]{43}$/) };

/** Where a request with these changes ends: told to the client, or on a page for the user. */
async function outcome(issuer: MockIssuer, changes: Parameters<typeof requestOf>[1]) {
  const response = await visit(issuer, requestOf(challenge, changes));
  if (response.headers.has('location')) return { status: response.status, ...sentTo(response) };
  return { status: response.status, page: await response.text(), type: response.headers.get('content-type') };
}

test('[IS-AZ-10] [IS-AZ-13] [IS-GEN-5] a request that is in order goes back with a code, the state and the issuer', async () => {
  const issuer = await startServer();
  expect(await outcome(issuer, {})).toEqual({
    status: 303,
    address: callback,
    told: { ...granted, state: 'xyz', iss: issuer.issuer },
  });
  expect(issuer.requests.count('authorization')).toBe(1);
  expect(issuer.requests.last('authorization')?.form).toMatchObject({ client_id: 'web' });
});

test('[IS-AZ-1] a request may come by POST', async () => {
  const issuer = await startServer();
  const init = { method: 'POST', body: new URLSearchParams(requestOf(challenge)), redirect: 'manual' } as const;
  expect(sentTo(await fetch(issuer.authorizationEndpoint, init)).told).toMatchObject(granted);
  const twofold = await fetch(`${issuer.authorizationEndpoint}?client_id=web`, init);
  expect([twofold.status, twofold.headers.get('location')]).toEqual([400, null]);
});

test('[IS-GEN-7] no page of another origin can read what the authorization endpoint says', async () => {
  const issuer = await startServer();
  const headers = { origin: 'https://evil.example' };
  const url = `${issuer.authorizationEndpoint}?${new URLSearchParams(requestOf(challenge))}`;
  for (const [method, status] of [
    ['GET', 303],
    ['OPTIONS', 405],
    ['HEAD', 405],
  ] as const) {
    const response = await fetch(url, { method, headers, redirect: 'manual' });
    expect([method, response.status]).toEqual([method, status]);
    expect(response.headers.get('access-control-allow-origin')).toBeNull();
  }
});

describe('[IS-AZ-5] [IS-AZ-6] [IS-AZ-7] [IS-AZ-8] [IS-AZ-16] [IS-AZ-17] [IS-AZ-18] what the client is told', () => {
  test.each([
    ['no response_type', { response_type: undefined }, 'invalid_request', /response_type is missing/],
    ['the implicit grant', { response_type: 'token' }, 'unsupported_response_type', /'token' must be code/],
    ['a hybrid', { response_type: 'code id_token' }, 'unsupported_response_type', /must be code/],
    ['another response_mode', { response_mode: 'fragment' }, 'invalid_request', /response_mode/],
    ['no challenge', { code_challenge: undefined }, 'invalid_request', /code_challenge is missing/],
    ['no method', { code_challenge_method: undefined }, 'invalid_request', /which would mean plain; it must be S256/],
    ['the method plain', { code_challenge_method: 'plain' }, 'invalid_request', /'plain' and must be S256/],
    ['another method', { code_challenge_method: 'S512' }, 'invalid_request', /'S512' and must be S256/],
    ['a short challenge', { code_challenge: 'abc' }, 'invalid_request', /43 characters/],
    ['a padded challenge', { code_challenge: `${challenge}=` }, 'invalid_request', /without padding/],
    ['a scope it has not', { scope: 'read admin' }, 'invalid_scope', /'admin'/],
    ['a resource nobody knows', { resource: 'https://other.example' }, 'invalid_target', /none of those known/],
    ['details of no known type', { authorization_details: '[{"type":"x"}]' }, 'invalid_authorization_details', /'x'/],
    ['an acr nobody has', { acr_values: 'mfa' }, 'unmet_authentication_requirements', /mfa/],
    ['a max_age that is none', { max_age: '-1' }, 'invalid_request', /max_age/],
    ['a prompt nobody knows', { prompt: 'create' }, 'invalid_request', /prompt 'create'/],
    ['prompt none with another', { prompt: 'none login' }, 'invalid_request', /alone/],
    ['a user nobody knows', { login_hint: 'eve' }, 'login_required', /'eve'/],
    ['a request object', { request: 'e30.e30.' }, 'request_not_supported', /request/],
    ['a repeated parameter', { scope: ['read', 'read'] }, 'invalid_request', /scope came more than once/],
    ['a grant it has not', { client_id: 'job' }, 'unauthorized_client', /'job'/],
  ])('%s', async (_law, changes, error, description) => {
    const issuer = await startServer();
    expect(await outcome(issuer, changes)).toEqual({
      status: 303,
      address: callback,
      told: { error, error_description: expect.stringMatching(description), state: 'xyz', iss: issuer.issuer },
    });
  });
});

describe('[IS-AZ-2] [IS-AZ-3] [IS-AZ-4] what only the user is told', () => {
  test.each([
    ['no client', { client_id: undefined }, /client_id is missing/],
    ['a client nobody knows', { client_id: 'nobody' }, /no client &#39;nobody&#39;/],
    ['a resource server', { client_id: 'resource-server' }, /no client/],
    ['two clients', { client_id: ['web', 'spa'] }, /more than once/],
    ['two redirect URIs', { redirect_uri: [callback, callback] }, /more than once/],
    ['a slash more', { redirect_uri: `${callback}/` }, /by a slash at the end/],
    ['another case', { redirect_uri: 'https://app.example/CB' }, /upper and lower case/],
    ['another host', { redirect_uri: 'https://app.example.evil/cb' }, /by its host/],
    ['another scheme', { redirect_uri: 'http://app.example/cb' }, /by its scheme/],
    ['another port', { redirect_uri: 'https://app.example:8443/cb' }, /by its port/],
    ['another path', { redirect_uri: 'https://app.example/cb/../x' }, /by its path/],
    ['a query', { redirect_uri: `${callback}?a=1` }, /by its query/],
    ['a fragment', { redirect_uri: `${callback}#a` }, /by its fragment/],
    ['another spelling', { redirect_uri: 'https://app.example:443/cb' }, /to the letter/],
    ['another place', { redirect_uri: 'http://evil.example/' }, /none of those of the client/],
    ['no URL', { redirect_uri: 'javascript:alert(1)' }, /none of those of the client/],
    ['none of two', { client_id: 'spa', redirect_uri: undefined }, /more than one/],
    ['localhost for an IP', { client_id: 'native', redirect_uri: 'http://localhost/cb' }, /by its host/],
    ['https for http', { client_id: 'native', redirect_uri: 'https://127.0.0.1/cb' }, /by its scheme/],
    ['a port that is none', { client_id: 'native', redirect_uri: 'http://127.0.0.1:99999/cb' }, /none of those/],
    [
      'a name before an @',
      { client_id: 'native', redirect_uri: 'http://127.0.0.1:80@evil.example/cb' },
      /redirect_uri/,
    ],
    ['a pushed request nobody knows', { request_uri: 'urn:ietf:params:oauth:request_uri:x' }, /unknown/],
    ['markup', { redirect_uri: '"><script>alert(1)</script>' }, /&#60;script&#62;/],
  ])('%s', async (_law, changes, text) => {
    const issuer = await startServer();
    const found = await outcome(issuer, changes);
    expect(found).toEqual({ status: 400, type: 'text/html; charset=utf-8', page: expect.stringMatching(text) });
    expect(found).not.toMatchObject({ page: expect.stringContaining('<script') });
  });

  test('[IS-AZ-14] in a page that nobody can put into a frame, and no cache keeps', async () => {
    const { headers } = await visit(await startServer(), []);
    expect(headers.get('content-security-policy')).toContain("frame-ancestors 'none'");
    expect(headers.get('x-frame-options')).toBe('DENY');
    expect(headers.get('cache-control')).toBe('no-store');
  });
});

test.each(['http://127.0.0.1/cb', 'http://127.0.0.1:51004/cb', 'app.example:/cb'])(
  '[IS-AZ-2] a native app comes back to %s',
  async (redirect_uri) => {
    const found = await outcome(await startServer(), { client_id: 'native', redirect_uri });
    expect(found).toMatchObject({ status: 303, address: redirect_uri, told: granted });
  },
);

test('the only redirect URI need not be named, and the query of one stays', async () => {
  const issuer = await startServer();
  expect(await outcome(issuer, { redirect_uri: undefined })).toMatchObject({ address: callback });
  const redirect_uri = 'https://spa.example/other?x=1';
  const response = await visit(issuer, requestOf(challenge, { client_id: 'spa', redirect_uri }));
  expect(response.headers.get('location')).toMatch(/^https:\/\/spa\.example\/other\?x=1&code=/);
});

test.each(['a b+c%20%', '\u{1f600}\u00fc"<>&=#?', 'x'.repeat(2048), '\r\nSet-Cookie: a=b', '{"a":[1]}'])(
  '[IS-AZ-9] the state %.20j comes back as it was, from good requests and bad ones',
  async (state) => {
    const issuer = await startServer();
    expect(await outcome(issuer, { state })).toMatchObject({ told: { ...granted, state } });
    expect(await outcome(issuer, { state, scope: 'admin' })).toMatchObject({ told: { error: 'invalid_scope', state } });
  },
);

test.each(['%FF', 'a%C3', '%ED%A0%80'])(
  '[IS-AZ-9] the state %s is no text, and is refused rather than changed',
  async (state) => {
    const issuer = await startServer();
    const response = await fetch(
      `${issuer.authorizationEndpoint}?${new URLSearchParams(requestOf(challenge, { state: undefined }))}&state=${state}`,
      { redirect: 'manual' },
    );
    expect(response.status).toBe(400);
    expect(await response.text()).toContain('UTF-8');
    const pushed = await fetch(issuer.pushedAuthorizationRequestEndpoint, {
      method: 'POST',
      body: `state=${state}`,
      headers: { 'content-type': 'application/x-www-form-urlencoded' },
    });
    expect(await pushed.json()).toMatchObject({
      error: 'invalid_request',
      error_description: expect.stringContaining('UTF-8'),
    });
  },
);

test('a state that was not sent does not come back, and one of two neither', async () => {
  const issuer = await startServer();
  expect(await outcome(issuer, { state: undefined })).not.toHaveProperty('told.state');
  const twice = await outcome(issuer, { state: ['a', 'b'] });
  expect(twice).toMatchObject({ told: { error: 'invalid_request' } });
  expect(twice).not.toHaveProperty('told.state');
});

test('[IS-AZ-16] [IS-AZ-18] what was asked for is what the token is for', async () => {
  const issuer = await startServer({ resources: ['https://reports.example.com'], authorizationDetailsTypes: ['pay'] });
  const authorization_details = [{ type: 'pay', actions: ['start'], amount: { value: '1' } }];
  const code = await codeFrom(issuer, challenge, {
    scope: 'read',
    resource: ['https://reports.example.com', 'https://api.example.com'],
    authorization_details: JSON.stringify(authorization_details),
    login_hint: 'bob',
  });
  const form = { grant_type: 'authorization_code', code, code_verifier: verifier };
  const { body } = await askForTokens(issuer, form, web);
  expect(body).toMatchObject({ scope: 'read', authorization_details });
  expect(await stateOf(issuer, String(body['access_token']))).toMatchObject({
    sub: 'bob',
    client_id: 'web',
    scope: 'read',
    aud: ['https://reports.example.com', 'https://api.example.com'],
    authorization_details,
  });
});

test('the authorization endpoint can be told to misbehave', async () => {
  const issuer = await startServer();
  issuer.faults.authorization('503');
  expect((await visit(issuer, requestOf(challenge))).status).toBe(503);
  issuer.faults.authorization('redirect');
  const decoy = await visit(issuer, requestOf(challenge));
  expect((await fetch(decoy.headers.get('location') ?? '')).status).toBe(400);
  expect(issuer.requests.count('decoy')).toBe(1);
  issuer.faults.clear();
  expect((await visit(issuer, requestOf(challenge))).status).toBe(303);
});

test('a form of another type is a page, and no redirect', async () => {
  const issuer = await startServer();
  const response = await fetch(issuer.authorizationEndpoint, { method: 'POST', body: '{}' });
  expect([response.status, response.headers.get('content-type')]).toEqual([400, 'text/html; charset=utf-8']);
  expect((await post(issuer.authorizationEndpoint, 'x'.repeat(70_000))).status).toBe(413);
});
