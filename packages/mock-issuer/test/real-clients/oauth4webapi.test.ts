import * as oauth from 'oauth4webapi';
import { describe, expect, test } from 'vitest';
import type { ClientAuthenticationMethod, MockIssuer } from '../../src/index.js';
import { startIssuer } from '../referee.js';
import { confidential, type Meeting, meet, methods, privateKey, redirectUri, secret } from './ways.js';

const authentications: Readonly<Record<ClientAuthenticationMethod, oauth.ClientAuth>> = {
  client_secret_basic: oauth.ClientSecretBasic(secret),
  client_secret_post: oauth.ClientSecretPost(secret),
  private_key_jwt: oauth.PrivateKeyJwt(privateKey),
  tls_client_auth: oauth.TlsClientAuth(),
  self_signed_tls_client_auth: oauth.TlsClientAuth(),
  none: oauth.None(),
};
const insecure = { [oauth.allowInsecureRequests]: true };
const client: oauth.Client = { client_id: 'web' };

interface World extends Meeting {
  readonly as: oauth.AuthorizationServer;
  readonly auth: oauth.ClientAuth;
  readonly options: { [oauth.allowInsecureRequests]: boolean; [oauth.customFetch]: Meeting['fetch'] };
}

async function start(method: ClientAuthenticationMethod): Promise<World> {
  const meeting = await meet(method);
  const options = { ...insecure, [oauth.customFetch]: meeting.fetch };
  const url = new URL(meeting.issuer.issuer);
  const found = await oauth.discoveryRequest(url, { algorithm: 'oauth2', ...options });
  const as = await oauth.processDiscoveryResponse(url, found);
  return { ...meeting, as, auth: authentications[method], options };
}

/** The tokens at the end of a request that is pushed, or is not. */
async function signIn({ as, auth, options, browse }: World, isPushed: boolean): Promise<oauth.TokenEndpointResponse> {
  const verifier = oauth.generateRandomCodeVerifier();
  const state = oauth.generateRandomState();
  let parameters = new URLSearchParams({
    client_id: 'web',
    response_type: 'code',
    redirect_uri: redirectUri,
    scope: 'read',
    state,
    code_challenge: await oauth.calculatePKCECodeChallenge(verifier),
    code_challenge_method: 'S256',
  });
  if (isPushed) {
    const pushed = await oauth.pushedAuthorizationRequest(as, client, auth, parameters, options);
    const { request_uri } = await oauth.processPushedAuthorizationResponse(as, client, pushed);
    parameters = new URLSearchParams({ client_id: 'web', request_uri });
  }
  const back = await browse(new URL(`${as.authorization_endpoint}?${parameters}`));
  const code = oauth.validateAuthResponse(as, client, back, state);
  const answer = await oauth.authorizationCodeGrantRequest(as, client, auth, code, redirectUri, verifier, options);
  return oauth.processAuthorizationCodeResponse(as, client, answer);
}

async function refresh({ as, auth, options }: World, token = ''): Promise<oauth.TokenEndpointResponse> {
  const answer = await oauth.refreshTokenGrantRequest(as, client, auth, token, options);
  return oauth.processRefreshTokenResponse(as, client, answer);
}

describe.each(methods)('oauth4webapi as %s', (method) => {
  test.each([false, true])('gets tokens by a code, pushed: %s, refreshes and revokes them', async (isPushed) => {
    const world = await start(method);
    const { as, auth, options, stateOf } = world;
    const first = await signIn(world, isPushed);
    expect(await stateOf(first.access_token)).toMatchObject({ active: true, client_id: 'web', scope: 'read' });
    const next = await refresh(world, first.refresh_token);
    expect(next.refresh_token).not.toBe(first.refresh_token);
    const revoked = await oauth.revocationRequest(as, client, auth, next.refresh_token ?? '', options);
    expect(await oauth.processRevocationResponse(revoked)).toBeUndefined();
    expect(await stateOf(next.access_token)).toEqual({ active: false });
    await expect(refresh(world, next.refresh_token)).rejects.toMatchObject({ error: 'invalid_grant' });
  });
});

describe.each(confidential)('oauth4webapi as %s', (method) => {
  test.each([false, true])('gets a token of its own and introspects it, signed: %s', async (requestJwtResponse) => {
    const { as, auth, options } = await start(method);
    const granted = await oauth.clientCredentialsGrantRequest(as, client, auth, { scope: 'write' }, options);
    const { access_token } = await oauth.processClientCredentialsResponse(as, client, granted);
    const own = { ...client, introspection_signed_response_alg: 'ES256' };
    const asked = await oauth.introspectionRequest(as, own, auth, access_token, { requestJwtResponse, ...options });
    const state = await oauth.processIntrospectionResponse(as, own, asked);
    expect(state).toMatchObject({ active: true, sub: 'web', scope: 'write' });
    expect(asked.headers.get('content-type')).toContain(requestJwtResponse ? 'token-introspection+jwt' : 'json');
    if (requestJwtResponse) await oauth.validateApplicationLevelSignature(as, asked, options);
  });
});

describe('oauth4webapi registers', () => {
  const metadata = { redirect_uris: [redirectUri], token_endpoint_auth_method: 'client_secret_basic' };
  const register = async ({ issuer }: MockIssuer, more: object = {}, token?: string) => {
    const url = new URL(issuer);
    const found = await oauth.discoveryRequest(url, { algorithm: 'oauth2', ...insecure });
    const as = await oauth.processDiscoveryResponse(url, found);
    const options = { ...insecure, ...(token !== undefined && { initialAccessToken: token }) };
    const answer = await oauth.dynamicClientRegistrationRequest(as, { ...metadata, ...more }, options);
    return { as, client: await oauth.processDynamicClientRegistrationResponse(answer) };
  };

  test('and gets a token of its own', async () => {
    const issuer = await startIssuer({ registration: 'open' });
    const { as, client: own } = await register(issuer, { grant_types: ['client_credentials'] });
    expect(own).toMatchObject({ ...metadata, client_secret_expires_at: 0, response_types: [] });
    const auth = oauth.ClientSecretBasic(String(own.client_secret));
    const granted = await oauth.clientCredentialsGrantRequest(as, own, auth, {}, insecure);
    expect(await oauth.processClientCredentialsResponse(as, own, granted)).toMatchObject({ token_type: 'bearer' });
  });

  test('with an initial access token, whose lack it is told of by a challenge', async () => {
    const issuer = await startIssuer({ registration: { initialAccessToken: 't0ken' } });
    expect((await register(issuer, {}, 't0ken')).client).toMatchObject(metadata);
    const cause = [expect.objectContaining({ scheme: 'bearer' })];
    await expect(register(issuer)).rejects.toMatchObject({ code: 'OAUTH_WWW_AUTHENTICATE_CHALLENGE', cause });
    const wrong = [expect.objectContaining({ parameters: expect.objectContaining({ error: 'invalid_token' }) })];
    await expect(register(issuer, {}, 'other')).rejects.toMatchObject({ cause: wrong });
  });

  test('and is told which member is wrong', async () => {
    const issuer = await startIssuer({ registration: 'open' });
    await expect(register(issuer, { grant_types: ['password'] })).rejects.toMatchObject({
      error: 'invalid_client_metadata',
      error_description: expect.stringContaining("'grant_types'"),
    });
  });
});
