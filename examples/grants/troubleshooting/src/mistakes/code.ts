import { refusalOf } from 'example-stage/answers';
import * as client from 'openid-client';
import type { Mistake } from '../mistake.js';
import { answerTo, type Checks, clientSecret, type World } from '../world.js';

/** Redeems a valid code with a wrong value. */
function redeeming(wrong: (checks: Checks) => client.AuthorizationCodeGrantChecks): (world: World) => Promise<string> {
  return async (world) => {
    const { back, checks } = await answerTo(world);
    return refusalOf(client.authorizationCodeGrant(world.config, back, wrong(checks)));
  };
}

/** The same as a client with wrong credentials. */
function redeemingAs(clientId: string, authentication: client.ClientAuth): (world: World) => Promise<string> {
  return async (world) => {
    const { back, checks } = await answerTo(world);
    return refusalOf(client.authorizationCodeGrant(await world.connect(clientId, authentication), back, checks));
  };
}

/** Mistakes when the code is redeemed. */
export const code: readonly Mistake[] = [
  {
    mistake: 'a state that was not sent',
    make: redeeming((checks) => ({ ...checks, expectedState: 'that of another tab' })),
    message: 'invalid response encountered: unexpected "state" response parameter value',
    fix: 'refuse the response, which belongs to another request; store one state per tab',
  },
  {
    mistake: 'a wrong client secret',
    make: redeemingAs('web', client.ClientSecretBasic('yesterday’s')),
    message: "invalid_client: the client_secret of 'web' is another one",
    fix: 'check for whitespace, for a secret of another environment, and for a replaced secret',
  },
  {
    mistake: 'the right secret in the form, from a client that is registered for the header',
    make: redeemingAs('web', client.ClientSecretPost(clientSecret)),
    message: "invalid_client: the client 'web' is registered for client_secret_basic and came with client_secret_post",
    fix: 'use the token_endpoint_auth_method that is registered',
  },
  {
    mistake: 'a client that is not registered',
    make: redeemingAs('wbe', client.ClientSecretBasic(clientSecret)),
    message: "invalid_client: no client 'wbe' is registered",
    fix: 'compare the client_id with the registration, and the issuer with the environment',
  },
  {
    mistake: 'a code of another client',
    make: redeemingAs('other', client.ClientSecretBasic('another-secret')),
    message: "invalid_grant: the code was issued to another client: to 'web', and not to 'other'",
    fix: 'redeem a code as the client that requested it',
  },
  {
    mistake: 'another PKCE verifier',
    make: redeeming((checks) => ({ ...checks, pkceCodeVerifier: client.randomPKCECodeVerifier() })),
    message: 'invalid_grant: the code_verifier is not the one whose SHA-256 is the code_challenge',
    fix: 'store the verifier in the session with the state, until the browser returns',
  },
  {
    mistake: 'no PKCE verifier',
    make: redeeming(({ expectedState }) => ({ expectedState })),
    message: 'invalid_request: the parameter code_verifier is missing',
    fix: 'send the verifier with the code',
  },
  {
    mistake: 'a challenge that equals the verifier, with the method S256',
    async make(world) {
      const pkceCodeVerifier = client.randomPKCECodeVerifier();
      const { back, checks } = await answerTo(world, { code_challenge: pkceCodeVerifier });
      return refusalOf(client.authorizationCodeGrant(world.config, back, { ...checks, pkceCodeVerifier }));
    },
    message:
      'invalid_grant: the code_verifier equals the code_challenge, as by the method plain; the method is S256, which hashes it',
    fix: 'the challenge is BASE64URL(SHA256(verifier))',
  },
  {
    mistake: 'a code that is redeemed twice',
    async make(world) {
      const { back, checks } = await answerTo(world);
      await client.authorizationCodeGrant(world.config, back, checks);
      return refusalOf(client.authorizationCodeGrant(world.config, back, checks));
    },
    message: 'invalid_grant: the code was used before, so that everything issued for it is revoked now',
    fix: 'redirect the browser away from the callback at once, so that a reload does not repeat it',
  },
  {
    mistake: 'a code after two minutes',
    async make(world) {
      const { back, checks } = await answerTo(world);
      world.issuer.clock.advance(120);
      return refusalOf(client.authorizationCodeGrant(world.config, back, checks));
    },
    message: 'invalid_grant: the code expired 60 seconds ago',
    fix: 'redeem it at once; after a failure start a new authorization request',
  },
  {
    mistake: 'a grant that the client is not registered for',
    make: ({ config }) => refusalOf(client.clientCredentialsGrant(config)),
    message:
      "unauthorized_client: the client 'web' is not registered for the grant client_credentials; its grant_types are authorization_code refresh_token",
    fix: 'add the grant to the grant_types of the client',
  },
];
