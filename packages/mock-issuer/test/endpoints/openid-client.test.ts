import { exportJWK, generateKeyPair } from 'jose';
import * as client from 'openid-client';
import { expect, test, vi } from 'vitest';
import type { ClientRegistration, MockIssuer, MockIssuerOptions } from '../../src/index.js';
import { stateOf } from '../caller.js';
import { startIssuer } from '../referee.js';

const redirect_uri = 'http://127.0.0.1:3000/cb';
const device = 'urn:ietf:params:oauth:grant-type:device_code';
const tokenExchange = 'urn:ietf:params:oauth:grant-type:token-exchange';
const grant_types = ['authorization_code', 'refresh_token', 'client_credentials', device, tokenExchange];
const pair = await generateKeyPair('ES256', { extractable: true });
const jwks = { keys: [{ ...(await exportJWK(pair.publicKey)), kid: 'k1', alg: 'ES256' }] };

const ways: [Partial<ClientRegistration>, client.ClientAuth][] = [
  [{ client_secret: 'a:b %c+\u00fc' }, client.ClientSecretBasic('a:b %c+\u00fc')],
  [{ client_secret: 's', token_endpoint_auth_method: 'client_secret_post' }, client.ClientSecretPost('s')],
  [{ jwks, token_endpoint_auth_method: 'private_key_jwt' }, client.PrivateKeyJwt({ key: pair.privateKey, kid: 'k1' })],
  [{ token_endpoint_auth_method: 'none' }, client.None()],
];

async function start(registration: Partial<ClientRegistration>, options: MockIssuerOptions = {}): Promise<MockIssuer> {
  const own = { client_id: 'web', redirect_uris: [redirect_uri], grant_types, scope: 'read write', ...registration };
  return startIssuer({ clients: [own], ...options });
}

const discover = ({ issuer }: MockIssuer, authentication: client.ClientAuth, algorithm?: 'oauth2') =>
  client.discovery(new URL(issuer), 'web', undefined, authentication, {
    execute: [client.allowInsecureRequests],
    ...(algorithm && { algorithm }),
  });

/** Goes where the client sends the browser, and back. */
async function browse(url: URL): Promise<URL> {
  const response = await fetch(url, { redirect: 'manual' });
  return new URL(response.headers.get('location') ?? '');
}

test.each(ways)('openid-client gets and refreshes tokens as %j', async (registration, authentication) => {
  const issuer = await start(registration);
  const config = await discover(issuer, authentication, 'oauth2');
  const pkceCodeVerifier = client.randomPKCECodeVerifier();
  const expectedState = client.randomState();
  const url = client.buildAuthorizationUrl(config, {
    redirect_uri,
    scope: 'read',
    state: expectedState,
    code_challenge: await client.calculatePKCECodeChallenge(pkceCodeVerifier),
    code_challenge_method: 'S256',
  });
  const tokens = await client.authorizationCodeGrant(config, await browse(url), { pkceCodeVerifier, expectedState });
  expect(await stateOf(issuer, tokens.access_token)).toMatchObject({ active: true, client_id: 'web', scope: 'read' });
  const next = await client.refreshTokenGrant(config, tokens.refresh_token ?? '');
  expect(next.refresh_token).not.toBe(tokens.refresh_token);
  await expect(client.refreshTokenGrant(config, tokens.refresh_token ?? '')).rejects.toMatchObject({
    error: 'invalid_grant',
  });
  expect(await stateOf(issuer, next.access_token)).toEqual({ active: false });
});

test.each(ways)('openid-client pushes its request as %j', async (registration, authentication) => {
  const issuer = await start(registration, { requirePushedAuthorizationRequests: true });
  const config = await discover(issuer, authentication);
  const pkceCodeVerifier = client.randomPKCECodeVerifier();
  const url = await client.buildAuthorizationUrlWithPAR(config, {
    redirect_uri,
    code_challenge: await client.calculatePKCECodeChallenge(pkceCodeVerifier),
    code_challenge_method: 'S256',
  });
  expect([...url.searchParams.keys()].sort()).toEqual(['client_id', 'request_uri']);
  const tokens = await client.authorizationCodeGrant(config, await browse(url), { pkceCodeVerifier });
  expect(tokens).toMatchObject({ token_type: 'bearer', scope: 'read write' });
  await client.tokenRevocation(config, tokens.refresh_token ?? '');
  expect(await stateOf(issuer, tokens.access_token)).toEqual({ active: false });
});

test.each(ways.filter(([, way]) => way !== ways[3]?.[1]))(
  'openid-client gets a token of its own as %j, and introspects it',
  async (registration, authentication) => {
    const issuer = await start(registration);
    const config = await discover(issuer, authentication);
    const tokens = await client.clientCredentialsGrant(config, { scope: 'write', resource: 'https://api.example.com' });
    expect(tokens).not.toHaveProperty('refresh_token');
    const state = await client.tokenIntrospection(config, tokens.access_token);
    expect(state).toMatchObject({ active: true, sub: 'web', scope: 'write' });
  },
);

test('openid-client reads what the authorization endpoint refuses', async () => {
  const issuer = await start({ client_secret: 's' });
  const config = await discover(issuer, client.ClientSecretBasic('s'));
  const url = client.buildAuthorizationUrl(config, {
    redirect_uri,
    code_challenge: 'x',
    code_challenge_method: 'plain',
  });
  const back = await browse(url);
  await expect(client.authorizationCodeGrant(config, back, { pkceCodeVerifier: 'x' })).rejects.toMatchObject({
    error: 'invalid_request',
    error_description: "the code_challenge_method is 'plain' and must be S256",
  });
});

test.each(ways)('openid-client polls until the user has answered, as %j', async (registration, authentication) => {
  const issuer = await start(registration, { device: { intervalSeconds: 1 } });
  const config = await discover(issuer, authentication);
  const codes = await client.initiateDeviceAuthorization(config, { scope: 'read' });
  expect(issuer.device.pending()).toEqual([codes.user_code]);
  const polled = client.pollDeviceAuthorizationGrant(config, codes);
  await vi.waitUntil(() => issuer.requests.count('token') > 0, { timeout: 5000 });
  issuer.device.approve(codes.user_code);
  const tokens = await polled;
  expect(await stateOf(issuer, tokens.access_token)).toMatchObject({ active: true, client_id: 'web', scope: 'read' });
});

test.each([
  ['access_denied', (issuer: MockIssuer, code: string) => issuer.device.deny(code)],
  ['expired_token', (issuer: MockIssuer) => issuer.clock.advance(601)],
])('openid-client gives up at %s', async (error, happen) => {
  const issuer = await start({ token_endpoint_auth_method: 'none' }, { device: { intervalSeconds: 1 } });
  const config = await discover(issuer, client.None());
  const codes = await client.initiateDeviceAuthorization(config, {});
  happen(issuer, codes.user_code);
  await expect(client.pollDeviceAuthorizationGrant(config, codes)).rejects.toMatchObject({ error });
});

test.each(ways.filter(([, way]) => way !== ways[3]?.[1]))(
  'openid-client trades a token for another one as %j',
  async (registration, authentication) => {
    const issuer = await start(registration);
    const config = await discover(issuer, authentication);
    const parameters = {
      subject_token: await issuer.token({ subject: 'ada', clientId: 'spa', scope: 'read write admin' }),
      subject_token_type: 'urn:ietf:params:oauth:token-type:access_token',
      scope: 'read',
    };
    const tokens = await client.genericGrantRequest(config, tokenExchange, parameters);
    expect(tokens).toMatchObject({ token_type: 'bearer', issued_token_type: parameters.subject_token_type });
    const state = await client.tokenIntrospection(config, tokens.access_token);
    expect(state).toMatchObject({ active: true, sub: 'ada', client_id: 'web', scope: 'read' });
    const wider = { ...parameters, scope: 'admin' };
    await expect(client.genericGrantRequest(config, tokenExchange, wider)).rejects.toMatchObject({
      error: 'invalid_scope',
    });
  },
);
