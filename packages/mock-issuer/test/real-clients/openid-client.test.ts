import * as client from 'openid-client';
import { describe, expect, test } from 'vitest';
import type { ClientAuthenticationMethod, MockIssuer, MockIssuerOptions } from '../../src/index.js';
import { startIssuer } from '../referee.js';
import { confidential, type Meeting, meet, methods, privateKey, redirectUri as redirect_uri, secret } from './ways.js';

const authentications: Readonly<Record<ClientAuthenticationMethod, client.ClientAuth>> = {
  client_secret_basic: client.ClientSecretBasic(secret),
  client_secret_post: client.ClientSecretPost(secret),
  private_key_jwt: client.PrivateKeyJwt(privateKey),
  tls_client_auth: client.TlsClientAuth(),
  self_signed_tls_client_auth: client.TlsClientAuth(),
  none: client.None(),
};

interface World extends Meeting {
  readonly config: client.Configuration;
}

/** openid-client, which knows the issuer and has its credentials, and finds the rest. */
async function start(
  method: ClientAuthenticationMethod,
  options: MockIssuerOptions = {},
  metadata = {},
): Promise<World> {
  const meeting = await meet(method, options);
  const config = await client.discovery(new URL(meeting.issuer.issuer), 'web', metadata, authentications[method], {
    execute: [client.allowInsecureRequests],
    algorithm: 'oauth2',
    [client.customFetch]: meeting.fetch,
  });
  return { ...meeting, config };
}

async function pkce(): Promise<{ verifier: string; parameters: Record<string, string> }> {
  const verifier = client.randomPKCECodeVerifier();
  const code_challenge = await client.calculatePKCECodeChallenge(verifier);
  return { verifier, parameters: { redirect_uri, code_challenge, code_challenge_method: 'S256' } };
}

describe.each(methods)('openid-client as %s', (method) => {
  test('gets tokens by code and PKCE, refreshes them, and none by a refresh token that was used', async () => {
    const { config, browse, stateOf } = await start(method);
    const { verifier, parameters } = await pkce();
    const expectedState = client.randomState();
    const url = client.buildAuthorizationUrl(config, { ...parameters, scope: 'read', state: expectedState });
    const checks = { pkceCodeVerifier: verifier, expectedState };
    const first = await client.authorizationCodeGrant(config, await browse(url), checks);
    const state = { active: true, client_id: 'web', sub: 'user-1', scope: 'read' };
    expect(await stateOf(first.access_token)).toMatchObject(state);
    const next = await client.refreshTokenGrant(config, first.refresh_token ?? '');
    expect(await stateOf(next.access_token)).toMatchObject(state);
    const again = client.refreshTokenGrant(config, first.refresh_token ?? '');
    await expect(again).rejects.toMatchObject({ error: 'invalid_grant' });
    expect(await stateOf(next.access_token)).toEqual({ active: false });
  });

  test('pushes its request, and revokes what it got', async () => {
    const { config, browse, stateOf } = await start(method, { requirePushedAuthorizationRequests: true });
    const { verifier, parameters } = await pkce();
    const url = await client.buildAuthorizationUrlWithPAR(config, parameters);
    expect([...url.searchParams.keys()].sort()).toEqual(['client_id', 'request_uri']);
    const tokens = await client.authorizationCodeGrant(config, await browse(url), { pkceCodeVerifier: verifier });
    expect(await stateOf(tokens.access_token)).toMatchObject({ active: true });
    await client.tokenRevocation(config, tokens.refresh_token ?? '');
    expect(await stateOf(tokens.access_token)).toEqual({ active: false });
  });
});

describe.each(confidential)('openid-client as %s', (method) => {
  test.each([undefined, 'ES256'])('gets a token of its own and introspects it, signed by %s', async (alg) => {
    const { config } = await start(method, {}, { ...(alg && { introspection_signed_response_alg: alg }) });
    if (alg !== undefined) client.enableNonRepudiationChecks(config);
    const { access_token, ...rest } = await client.clientCredentialsGrant(config, { scope: 'write' });
    expect(rest).not.toHaveProperty('refresh_token');
    const state = { active: true, sub: 'web', scope: 'write' };
    expect(await client.tokenIntrospection(config, access_token)).toMatchObject(state);
    await client.tokenRevocation(config, access_token);
    expect(await client.tokenIntrospection(config, access_token)).toMatchObject({ active: false });
  });
});

test('openid-client cannot introspect, nor get a token of its own, without credentials', async () => {
  const { config, issuer } = await start('none');
  const token = await issuer.token({ clientId: 'web' });
  await expect(client.tokenIntrospection(config, token)).rejects.toMatchObject({ status: 403 });
  await expect(client.clientCredentialsGrant(config)).rejects.toMatchObject({ error: 'unauthorized_client' });
});

test.each(confidential)('openid-client is refused as %s where it is registered for something else', async (method) => {
  const other = method === 'client_secret_post' ? 'client_secret_basic' : 'client_secret_post';
  const { issuer, fetch } = await meet(method);
  const config = await client.discovery(new URL(issuer.issuer), 'web', {}, authentications[other], {
    execute: [client.allowInsecureRequests],
    algorithm: 'oauth2',
    [client.customFetch]: fetch,
  });
  await expect(client.clientCredentialsGrant(config)).rejects.toMatchObject({ status: 401 });
});

test.each(['oauth2', 'oidc'] as const)('openid-client discovers an issuer with a path by %s', async (algorithm) => {
  const { issuer } = await startIssuer({ path: '/tenant-1' });
  const execute = [client.allowInsecureRequests];
  const config = await client.discovery(new URL(issuer), 'web', undefined, undefined, { algorithm, execute });
  expect(config.serverMetadata()).toMatchObject({ issuer, token_endpoint: `${issuer}/token` });
});

describe('openid-client registers', () => {
  const metadata = { redirect_uris: [redirect_uri], grant_types: ['authorization_code', 'client_credentials'] };
  const register = (
    { issuer }: MockIssuer,
    more: object = {},
    authentication?: client.ClientAuth,
    options: { initialAccessToken?: string } = {},
  ) =>
    client.dynamicClientRegistration(new URL(issuer), { ...metadata, ...more }, authentication, {
      algorithm: 'oauth2',
      execute: [client.allowInsecureRequests],
      ...options,
    });

  test('with a secret, and gets a token of its own', async () => {
    const issuer = await startIssuer({ registration: 'open' });
    const config = await register(issuer, { token_endpoint_auth_method: 'client_secret_post' });
    const { access_token } = await client.clientCredentialsGrant(config);
    const { client_id } = config.clientMetadata();
    expect(await client.tokenIntrospection(config, access_token)).toMatchObject({ active: true, client_id });
  });

  test('with an initial access token, and is told when that is another one', async () => {
    const issuer = await startIssuer({ registration: { initialAccessToken: 't0ken' } });
    const config = await register(issuer, {}, undefined, { initialAccessToken: 't0ken' });
    expect(config.clientMetadata()).toMatchObject(metadata);
    await expect(register(issuer, {}, undefined, { initialAccessToken: 'other' })).rejects.toThrow();
    await expect(register(issuer)).rejects.toThrow();
  });

  test('and is told which member is wrong', async () => {
    const issuer = await startIssuer({ registration: 'open' });
    await expect(register(issuer, { redirect_uris: ['http://app.example/cb'] })).rejects.toMatchObject({
      error: 'invalid_redirect_uri',
      error_description: expect.stringContaining("'redirect_uris'[0]"),
    });
  });
});
