import { createMockIssuer, type MockIssuer } from '@resource-server/mock-issuer';
import { sentBackFrom } from 'example-stage/browser';
import type { Teller } from 'example-stage/story';
import * as client from 'openid-client';
import { createApi } from './api.js';

/** The servers for the mistakes: an issuer with two clients, and an API. */
export interface World {
  readonly issuer: MockIssuer;
  readonly api: string;
  /** openid-client with the right settings. */
  readonly config: client.Configuration;
  /** openid-client with these credentials. */
  connect(clientId: string, authentication: client.ClientAuth): Promise<client.Configuration>;
}

export const redirectUri = 'https://app.example.com/callback';
export const clientSecret = 'a-secret-of-the-web-app';

export async function openWorld({ listen, onEnd }: Pick<Teller, 'listen' | 'onEnd'>): Promise<World> {
  const audience = 'https://api.example.com';
  const app = {
    redirect_uris: [redirectUri],
    grant_types: ['authorization_code', 'refresh_token'],
    scope: 'read write',
  };
  const issuer = await createMockIssuer({
    audience,
    // With a seed the clock is frozen until it is advanced, so messages with a time are the same in
    // every run.
    seed: 'troubleshooting',
    resources: ['https://other-api.example.com'],
    clients: [
      { ...app, client_id: 'web', client_secret: clientSecret },
      { ...app, client_id: 'other', client_secret: 'another-secret' },
    ],
  });
  onEnd(() => issuer.close());
  const api = await listen(createApi({ issuer: issuer.issuer, audience, clock: issuer.clock }));
  const connect: World['connect'] = (clientId, authentication) =>
    client.discovery(new URL(issuer.issuer), clientId, undefined, authentication, {
      algorithm: 'oauth2',
      execute: [client.allowInsecureRequests],
    });
  return { issuer, api, config: await connect('web', client.ClientSecretBasic(clientSecret)), connect };
}

/** Values of an authorization request, kept by the client to validate the response. */
export interface Checks {
  readonly pkceCodeVerifier: string;
  readonly expectedState: string;
}

/** A valid authorization request, except for `changes`; `undefined` removes a parameter. */
async function requestOf(
  { config }: World,
  changes: Readonly<Record<string, string | undefined>> = {},
): Promise<{ readonly url: URL; readonly checks: Checks }> {
  const checks = { pkceCodeVerifier: client.randomPKCECodeVerifier(), expectedState: client.randomState() };
  const parameters: Record<string, string | undefined> = {
    redirect_uri: redirectUri,
    scope: 'read',
    state: checks.expectedState,
    code_challenge: await client.calculatePKCECodeChallenge(checks.pkceCodeVerifier),
    code_challenge_method: 'S256',
    ...changes,
  };
  const sent = Object.entries(parameters).filter((pair): pair is [string, string] => pair[1] !== undefined);
  return { url: client.buildAuthorizationUrl(config, Object.fromEntries(sent)), checks };
}

/** The address to which the browser returns after a request that is valid, except for `changes`. */
export async function answerTo(
  world: World,
  changes?: Readonly<Record<string, string | undefined>>,
): Promise<{ readonly back: URL; readonly checks: Checks }> {
  const { url, checks } = await requestOf(world, changes);
  return { back: await sentBackFrom(url), checks };
}

/** The tokens of a user who has signed in. */
export async function signIn(
  world: World,
  changes?: Readonly<Record<string, string | undefined>>,
): Promise<client.TokenEndpointResponse> {
  const { back, checks } = await answerTo(world, changes);
  return client.authorizationCodeGrant(world.config, back, checks);
}
