import { refusalOf } from 'example-stage/answers';
import * as client from 'openid-client';
import type { Mistake } from '../mistake.js';
import { answerTo, redirectUri, type World } from '../world.js';

/** Sends the browser off with a parameter that is wrong, and finishes what comes back. */
function asking(changes: Readonly<Record<string, string | undefined>>): (world: World) => Promise<string> {
  return (world) =>
    refusalOf(
      answerTo(world, changes).then(({ back, checks }) => client.authorizationCodeGrant(world.config, back, checks)),
    );
}

/** Where the browser is sent off. */
export const authorizationRequest: readonly Mistake[] = [
  {
    mistake: 'a redirect URI with a slash too many',
    make: asking({ redirect_uri: `${redirectUri}/` }),
    message:
      "page 400, invalid_request: the redirect_uri 'https://app.example.com/callback/' differs from the registered 'https://app.example.com/callback' by a slash at the end",
    mend: 'register what you send, to the letter; nobody is sent back to an address that is not registered',
  },
  {
    mistake: 'a redirect URI with http instead of https',
    make: asking({ redirect_uri: redirectUri.replace('https', 'http') }),
    message:
      "page 400, invalid_request: the redirect_uri 'http://app.example.com/callback' differs from the registered 'https://app.example.com/callback' by its scheme",
    mend: 'behind a proxy, build the address from your public URL and not from the request',
  },
  {
    mistake: 'a redirect URI of another environment',
    make: asking({ redirect_uri: 'https://staging.example.com/callback' }),
    message:
      "page 400, invalid_request: the redirect_uri 'https://staging.example.com/callback' differs from the registered 'https://app.example.com/callback' by its host",
    mend: 'register each environment’s address, or a client for each',
  },
  {
    mistake: 'a scope that the client is not registered for',
    make: asking({ scope: 'read admin' }),
    message: "invalid_scope: the client 'web' is not registered for the scope 'admin'; it has 'read write'",
    mend: 'ask for less, or have the client registered for it',
  },
  {
    mistake: 'a resource that the issuer does not know',
    make: asking({ resource: 'https://api.example.com/' }),
    message:
      "invalid_target: the resource 'https://api.example.com/' differs from 'https://api.example.com' by a slash at the end",
    mend: 'name the API as it names itself in its audience',
  },
  {
    mistake: 'no state, by a client that expects one back',
    make: asking({ state: undefined }),
    message: 'invalid response encountered: response parameter "state" missing',
    mend: 'send a random state with every request, and keep it in the session',
  },
  {
    mistake: 'no PKCE',
    make: asking({ code_challenge: undefined, code_challenge_method: undefined }),
    message: 'invalid_request: the parameter code_challenge is missing: PKCE is for every client',
    mend: 'send a code_challenge, from confidential clients too (OAuth 2.1)',
  },
  {
    mistake: 'PKCE with the method plain',
    make: asking({ code_challenge_method: 'plain' }),
    message: "invalid_request: the code_challenge_method is 'plain' and must be S256",
    mend: 'hash the verifier, and say code_challenge_method=S256',
  },
  {
    mistake: 'PKCE without a method, which means plain',
    make: asking({ code_challenge_method: undefined }),
    message: 'invalid_request: the parameter code_challenge_method is missing, which would mean plain; it must be S256',
    mend: 'say code_challenge_method=S256',
  },
];
