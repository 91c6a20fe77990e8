/*
 * A refresh token is stolen. Each refresh token may be used once. When one is used twice, the
 * issuer cannot distinguish the attacker from the client, and revokes all tokens of the grant. The
 * OAuth code of the client is in mail-app.ts.
 */
import { createMockIssuer } from '@resource-server/mock-issuer';
import { refusalOf, statusOf } from 'example-stage/answers';
import { tellStory } from 'example-stage/story';
import { calculatePKCECodeChallenge, generateRandomCodeVerifier } from 'oauth4webapi';
import { createApi } from './api.js';
import { MailApp, type Tokens } from './mail-app.js';

const audience = 'https://mail.example.com';
const used = 'invalid_grant: the refresh token was used before, so that everything issued with it is revoked now';
const revoked = 'invalid_grant: the refresh token was revoked';

await tellStory('Refresh token rotation, and a stolen refresh token', async ({ listen, say, expect, onEnd }) => {
  const issuer = await createMockIssuer({
    audience,
    users: [{ sub: 'ada' }],
    clients: [
      {
        client_id: 'mail-app',
        token_endpoint_auth_method: 'none',
        redirect_uris: ['com.example.mail:/callback'],
        grant_types: ['authorization_code', 'refresh_token'],
        scope: 'mail',
      },
    ],
  });
  onEnd(() => issuer.close());
  const { clientId, clientSecret } = issuer.resourceServer;
  const clientAuthentication = { method: 'client_secret_basic', clientId, clientSecret } as const;
  const introspected = { issuer: issuer.issuer, introspection: { mode: 'always', clientAuthentication } } as const;
  const common = { audience, clock: issuer.clock };
  const introspecting = await listen(createApi({ ...common, issuer: introspected }).callback());
  const verifying = await listen(createApi({ ...common, issuer: issuer.issuer }).callback());
  const mail = ({ accessToken }: Tokens) => statusOf(`${introspecting}/mail`, accessToken);
  const app = await MailApp.of(issuer.issuer, 'mail-app');
  const thief = await MailApp.of(issuer.issuer, 'mail-app');

  say('Ada signs in, and her app refreshes');
  const first = await signIn();
  expect('the API, without a token', await statusOf(`${introspecting}/mail`), 401);
  expect('the API, with the first access token', await mail(first), 200);
  const second = await app.refresh(first.refreshToken);
  expect('the API, with the next one', await mail(second), 200);
  expect('the refresh token was replaced, too', second.refreshToken !== first.refreshToken, true);

  say('The thief has an old refresh token');
  expect('the thief uses it, for the second time', await refusalOf(thief.refresh(first.refreshToken)), used);
  expect('the app’s own refresh token, which is unused', await refusalOf(app.refresh(second.refreshToken)), revoked);
  expect('the API, with the app’s access token', await mail(second), 401);

  say('The thief has the newest refresh token, and uses it first');
  const again = await signIn();
  const stolen = await thief.refresh(again.refreshToken);
  expect('the API, with the thief’s access token', await mail(stolen), 200);
  expect('the app uses it, for the second time', await refusalOf(app.refresh(again.refreshToken)), used);
  expect('the API, with the thief’s access token', await mail(stolen), 401);
  expect('the thief refreshes again', await refusalOf(thief.refresh(stolen.refreshToken)), revoked);
  expect('Ada signs in again', await mail(await signIn()), 200);

  say('An API that verifies tokens locally, without introspection');
  expect(
    'the API, with the thief’s access token, whose JWT is still valid',
    await statusOf(`${verifying}/mail`, stolen.accessToken),
    200,
  );
  issuer.clock.advance(331);
  expect('the same token after its five minutes', await statusOf(`${verifying}/mail`, stolen.accessToken), 401);

  /** The issuer consents as Ada, without a browser. */
  async function signIn(): Promise<Tokens> {
    const codeVerifier = generateRandomCodeVerifier();
    const codeChallenge = await calculatePKCECodeChallenge(codeVerifier);
    const { url, redirectUri } = await issuer.authorize({ client: 'mail-app', user: 'ada', codeChallenge });
    return app.redeem(new URL(url), redirectUri, codeVerifier);
  }
});
