import { exportJWK, generateKeyPair } from 'jose';
import * as oauth from 'oauth4webapi';
import { expect, test } from 'vitest';
import type { MockIssuer, ResourceServerRegistration } from '../../src/index.js';
import { startIssuer } from '../referee.js';

const insecure = { [oauth.allowInsecureRequests]: true };
const pair = await generateKeyPair('ES256', { extractable: true });
const jwks = { keys: [{ ...(await exportJWK(pair.publicKey)), kid: 'k1', alg: 'ES256' }] };

async function discover({ issuer }: MockIssuer): Promise<oauth.AuthorizationServer> {
  const url = new URL(issuer);
  return oauth.processDiscoveryResponse(url, await oauth.discoveryRequest(url, { algorithm: 'oauth2', ...insecure }));
}

const ways: [Partial<ResourceServerRegistration>, oauth.ClientAuth][] = [
  [{ client_secret: 'a:b %c+ü' }, oauth.ClientSecretBasic('a:b %c+ü')],
  [{ client_secret: 's', token_endpoint_auth_method: 'client_secret_post' }, oauth.ClientSecretPost('s')],
  [{ jwks, token_endpoint_auth_method: 'private_key_jwt' }, oauth.PrivateKeyJwt({ key: pair.privateKey, kid: 'k1' })],
];

test.each(ways)('oauth4webapi introspects as %j, plain and signed', async (registration, authentication) => {
  const own = { client_id: 'api', introspection_signed_response_alg: 'ES256', ...registration } as const;
  const issuer = await startIssuer({ resourceServers: [own] });
  const as = await discover(issuer);
  const token = await issuer.token({ format: 'opaque', scope: 'read' });
  for (const requestJwtResponse of [false, true]) {
    const client = { client_id: 'api', introspection_signed_response_alg: 'ES256' };
    const options = { requestJwtResponse, ...insecure };
    const response = await oauth.introspectionRequest(as, client, authentication, token, options);
    if (requestJwtResponse) {
      await oauth.processIntrospectionResponse(as, client, response);
      await oauth.validateApplicationLevelSignature(as, response, insecure);
    } else {
      const state = await oauth.processIntrospectionResponse(as, client, response);
      expect(state).toMatchObject({ active: true, scope: 'read', iss: issuer.issuer });
    }
  }
});

test.each([
  'wrongTyp',
  'wrongIssuer',
  'wrongAudience',
  'badSignature',
  'plain',
  'contentType',
  'unsignedAlgNone',
] as const)('oauth4webapi refuses an answer with the fault %s', async (fault) => {
  const issuer = await startIssuer();
  const as = await discover(issuer);
  const client = { client_id: issuer.resourceServer.clientId, introspection_signed_response_alg: 'ES256' };
  const authentication = oauth.ClientSecretBasic(issuer.resourceServer.clientSecret);
  const ask = async () => {
    const options = { requestJwtResponse: true, ...insecure };
    const response = await oauth.introspectionRequest(as, client, authentication, 'x', options);
    const state = await oauth.processIntrospectionResponse(as, client, response);
    if (response.headers.get('content-type') !== 'application/json') {
      await oauth.validateApplicationLevelSignature(as, response, insecure);
    }
    return { state, type: response.headers.get('content-type') };
  };
  expect(await ask()).toMatchObject({ state: { active: false } });
  issuer.faults.introspection(fault);
  // It takes JSON where a JWT was asked for, and leaves it to who called it to look at the type.
  if (fault === 'plain') expect(await ask()).toMatchObject({ type: 'application/json' });
  else await expect(ask()).rejects.toThrow();
});

test('oauth4webapi revokes a token of its own', async () => {
  const issuer = await startIssuer({ clients: [{ client_id: 'web', client_secret: 's' }] });
  const as = await discover(issuer);
  const token = await issuer.token({ clientId: 'web' });
  const client = { client_id: 'web' };
  const authentication = oauth.ClientSecretBasic('s');
  const response = await oauth.revocationRequest(as, client, authentication, token, insecure);
  expect(await oauth.processRevocationResponse(response)).toBeUndefined();
  const state = await oauth.introspectionRequest(as, client, authentication, token, insecure);
  expect(await oauth.processIntrospectionResponse(as, client, state)).toEqual({ active: false });
});

test('oauth4webapi gets tokens by a code of a pushed request, and refreshes them', async () => {
  const redirect_uri = 'http://127.0.0.1:3000/cb';
  const grant_types = ['authorization_code', 'refresh_token'];
  const issuer = await startIssuer({
    clients: [{ client_id: 'web', client_secret: 's', redirect_uris: [redirect_uri], grant_types }],
  });
  const as = await discover(issuer);
  const client = { client_id: 'web' };
  const authentication = oauth.ClientSecretBasic('s');
  const verifier = oauth.generateRandomCodeVerifier();
  const parameters = {
    response_type: 'code',
    redirect_uri,
    scope: 'read',
    state: 'a b',
    code_challenge: await oauth.calculatePKCECodeChallenge(verifier),
    code_challenge_method: 'S256',
  };
  const pushed = await oauth.pushedAuthorizationRequest(as, client, authentication, parameters, insecure);
  const { request_uri } = await oauth.processPushedAuthorizationResponse(as, client, pushed);
  const query = new URLSearchParams({ client_id: 'web', request_uri });
  const sent = await fetch(`${as.authorization_endpoint}?${query}`, { redirect: 'manual' });
  const back = oauth.validateAuthResponse(as, client, new URL(sent.headers.get('location') ?? ''), 'a b');
  const response = await oauth.authorizationCodeGrantRequest(
    as,
    client,
    authentication,
    back,
    redirect_uri,
    verifier,
    insecure,
  );
  const tokens = await oauth.processAuthorizationCodeResponse(as, client, response);
  expect(tokens).toMatchObject({ scope: 'read', expires_in: 300 });
  const refreshed = await oauth.refreshTokenGrantRequest(
    as,
    client,
    authentication,
    tokens.refresh_token ?? '',
    insecure,
  );
  const next = await oauth.processRefreshTokenResponse(as, client, refreshed);
  expect(next.access_token).not.toBe(tokens.access_token);
  const request = new Request('https://api.example.com/', {
    headers: { authorization: `Bearer ${next.access_token}` },
  });
  const claims = await oauth.validateJwtAccessToken(as, request, 'https://api.example.com', insecure);
  expect(claims).toMatchObject({ sub: 'user-1', client_id: 'web' });
});

test('oauth4webapi gets a token of its own', async () => {
  const issuer = await startIssuer({
    clients: [{ client_id: 'job', client_secret: 's', grant_types: ['client_credentials'] }],
  });
  const as = await discover(issuer);
  const client = { client_id: 'job' };
  const response = await oauth.clientCredentialsGrantRequest(
    as,
    client,
    oauth.ClientSecretBasic('s'),
    { scope: 'a' },
    insecure,
  );
  expect(await oauth.processClientCredentialsResponse(as, client, response)).toMatchObject({ scope: 'a' });
});

test('oauth4webapi lets a device wait for its user', async () => {
  const grantType = 'urn:ietf:params:oauth:grant-type:device_code';
  const issuer = await startIssuer({
    clients: [{ client_id: 'tv', token_endpoint_auth_method: 'none', grant_types: [grantType, 'refresh_token'] }],
  });
  const as = await discover(issuer);
  const client = { client_id: 'tv' };
  const asked = await oauth.deviceAuthorizationRequest(as, client, oauth.None(), { scope: 'read' }, insecure);
  const codes = await oauth.processDeviceAuthorizationResponse(as, client, asked);
  const poll = async () => {
    const response = await oauth.deviceCodeGrantRequest(as, client, oauth.None(), codes.device_code, insecure);
    return oauth.processDeviceCodeResponse(as, client, response);
  };
  await expect(poll()).rejects.toMatchObject({ error: 'authorization_pending', status: 400 });
  await expect(poll()).rejects.toMatchObject({ error: 'slow_down', status: 400 });
  expect((await fetch(codes.verification_uri_complete ?? '')).status).toBe(200);
  const tokens = await poll();
  expect(tokens).toMatchObject({ scope: 'read', expires_in: 300, refresh_token: expect.any(String) });
  await expect(poll()).rejects.toMatchObject({ error: 'invalid_grant' });
});

test('oauth4webapi trades a token for another one', async () => {
  const grantType = 'urn:ietf:params:oauth:grant-type:token-exchange';
  const reports = 'https://reports.example.com';
  const issuer = await startIssuer({
    clients: [{ client_id: 'gateway', client_secret: 's', grant_types: [grantType, 'client_credentials'] }],
    resources: [reports],
  });
  const as = await discover(issuer);
  const client = { client_id: 'gateway' };
  const authentication = oauth.ClientSecretBasic('s');
  const own = await oauth.clientCredentialsGrantRequest(as, client, authentication, {}, insecure);
  const parameters = {
    subject_token: await issuer.token({ subject: 'ada', scope: 'read write' }),
    subject_token_type: 'urn:ietf:params:oauth:token-type:access_token',
    actor_token: (await oauth.processClientCredentialsResponse(as, client, own)).access_token,
    actor_token_type: 'urn:ietf:params:oauth:token-type:access_token',
    resource: reports,
    scope: 'read',
  };
  const ask = async (changes = {}) => {
    const form = { ...parameters, ...changes };
    const response = await oauth.genericTokenEndpointRequest(as, client, authentication, grantType, form, insecure);
    return oauth.processGenericTokenEndpointResponse(as, client, response);
  };
  const tokens = await ask();
  expect(tokens).toMatchObject({ issued_token_type: parameters.subject_token_type, scope: 'read' });
  const request = new Request(reports, { headers: { authorization: `Bearer ${tokens.access_token}` } });
  const claims = await oauth.validateJwtAccessToken(as, request, reports, insecure);
  expect(claims).toMatchObject({ sub: 'ada', client_id: 'gateway', act: { sub: 'gateway' } });
  await expect(ask({ subject_token: 'x' })).rejects.toMatchObject({ error: 'invalid_request', status: 400 });
});
