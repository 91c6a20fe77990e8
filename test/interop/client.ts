import * as openid from 'openid-client';
import { follow } from './browser.js';
import { api, clientIdFor, clientSecret, redirectUri } from './configuration.js';
import type { Algorithm } from './keys.js';

/** The tokens of a user who has signed in. */
interface SignedIn {
  readonly accessToken: string;
  readonly idToken: string;
  /** Another access token, by the refresh token grant (RFC 6749 section 6). */
  refresh(): Promise<string>;
}

/** openid-client, as the client whose tokens are signed with one algorithm. */
export interface Client {
  readonly clientId: string;
  /** A token by the client credentials grant (RFC 6749 section 4.4). Default: for our own API. */
  token(scope?: string, resource?: string): Promise<string>;
  /** The same without a resource indicator (RFC 8707). */
  tokenWithoutResource(): Promise<string>;
  /** The authorization code grant with PKCE (RFC 7636); the user consents to everything. */
  signIn(scope: string): Promise<SignedIn>;
}

/** The client is given the issuer only, and finds the endpoints in its metadata. */
export async function discoverClient(issuer: string, alg: Algorithm): Promise<Client> {
  const clientId = clientIdFor(alg);
  const metadata = { client_secret: clientSecret, id_token_signed_response_alg: alg };
  const config = await openid.discovery(new URL(issuer), clientId, metadata, undefined, {
    // The issuer uses http on loopback, which openid-client refuses unless http is allowed.
    execute: [openid.allowInsecureRequests],
  });
  return {
    clientId,
    async token(scope = 'read', resource = api) {
      return (await openid.clientCredentialsGrant(config, { scope, resource })).access_token;
    },
    async tokenWithoutResource() {
      return (await openid.clientCredentialsGrant(config, { scope: 'read' })).access_token;
    },
    signIn: (scope) => signIn(config, scope),
  };
}

async function signIn(config: openid.Configuration, scope: string): Promise<SignedIn> {
  const pkceCodeVerifier = openid.randomPKCECodeVerifier();
  const expectedState = openid.randomState();
  const start = openid.buildAuthorizationUrl(config, {
    redirect_uri: redirectUri,
    scope: `openid ${scope}`,
    resource: api,
    state: expectedState,
    code_challenge: await openid.calculatePKCECodeChallenge(pkceCodeVerifier),
    code_challenge_method: 'S256',
  });
  const end = await follow(start, redirectUri);
  const checks = { pkceCodeVerifier, expectedState, idTokenExpected: true };
  const tokens = await openid.authorizationCodeGrant(config, end, checks, { resource: api });
  const { access_token: accessToken, id_token: idToken = '', refresh_token: refreshToken = '' } = tokens;
  return {
    accessToken,
    idToken,
    refresh: async () => (await openid.refreshTokenGrant(config, refreshToken, { resource: api })).access_token,
  };
}
