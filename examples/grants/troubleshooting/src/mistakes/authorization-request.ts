import { refusalOf } from 'example-stage/answers';
import * as client from 'openid-client';
import type { Mistake } from '../mistake.js';
import { answerTo, redirectUri, type World } from '../world.js';

/** Sends an authorization request with wrong parameters, and redeems the response. */
function asking(changes: Readonly<Record<string, string | undefined>>): (world: World) => Promise<string> {
  return (world) =>
    refusalOf(
      answerTo(world, changes).then(({ back, checks }) => client.authorizationCodeGrant(world.config, back, checks)),
    );
}

/** Mistakes in the authorization request. */
export const authorizationRequest: readonly Mistake[] = [
  {
    mistake: 'a redirect URI with an extra slash',
    make: asking({ redirect_uri: `${redirectUri}/` }),
    message:
      "page 400, invalid_request: the redirect_uri 'https://app.example.com/callback/' differs from the registered 'https://app.example.com/callback' by a slash at the end",
    fix: 'register exactly the address that you send; the issuer never redirects to another address',
  },
  {
    mistake: 'a redirect URI with http instead of https',
    make: asking({ redirect_uri: redirectUri.replace('https', 'http') }),
    message:
      "page 400, invalid_request: the redirect_uri 'http://app.example.com/callback' differs from the registered 'https://app.example.com/callback' by its scheme",
    fix: 'behind a proxy, build the address from your public URL, not from the request',
  },
  {
    mistake: 'a redirect URI of another environment',
    make: asking({ redirect_uri: 'https://staging.example.com/callback' }),
    message:
      "page 400, invalid_request: the redirect_uri 'https://staging.example.com/callback' differs from the registered 'https://app.example.com/callback' by its host",
    fix: 'register the address of each environment, or one client per environment',
  },
  {
    mistake: 'a scope that the client is not registered for',
    make: asking({ scope: 'read admin' }),
    message: "invalid_scope: the client 'web' is not registered for the scope 'admin'; it has 'read write'",
    fix: 'request less, or register the client for the scope',
  },
  {
    mistake: 'a resource that the issuer does not know',
    make: asking({ resource: 'https://api.example.com/' }),
    message:
      "invalid_target: the resource 'https://api.example.com/' differs from 'https://api.example.com' by a slash at the end",
    fix: 'use the audience of the API, character by character',
  },
  {
    mistake: 'no state, from a client that expects one',
    make: asking({ state: undefined }),
    message: 'invalid response encountered: response parameter "state" missing',
    fix: 'send a random state with every request, and store it in the session',
  },
  {
    mistake: 'no PKCE',
    make: asking({ code_challenge: undefined, code_challenge_method: undefined }),
    message: 'invalid_request: the parameter code_challenge is missing: PKCE is for every client',
    fix: 'send a code_challenge, as a confidential client too (OAuth 2.1)',
  },
  {
    mistake: 'PKCE with the method plain',
    make: asking({ code_challenge_method: 'plain' }),
    message: "invalid_request: the code_challenge_method is 'plain' and must be S256",
    fix: 'hash the verifier, and send code_challenge_method=S256',
  },
  {
    mistake: 'PKCE without a method, which means plain',
    make: asking({ code_challenge_method: undefined }),
    message: 'invalid_request: the parameter code_challenge_method is missing, which would mean plain; it must be S256',
    fix: 'send code_challenge_method=S256',
  },
];
