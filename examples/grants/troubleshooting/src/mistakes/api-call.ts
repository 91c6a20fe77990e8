import { subscribe, unsubscribe } from 'node:diagnostics_channel';
import { type DecisionMessage, decisionChannel } from '@resource-server/core';
import type { Mistake } from '../mistake.js';
import { signIn, type World } from '../world.js';

/**
 * Calls the API.
 *
 * @returns the error that the client receives, and the code that only the operator of the API sees
 */
async function call(url: string, authorization?: string, method = 'GET'): Promise<string> {
  let code: string | undefined;
  const listen = (message: unknown) => {
    code = (message as DecisionMessage).code;
  };
  subscribe(decisionChannel, listen);
  const response = await fetch(url, { method, ...(authorization !== undefined && { headers: { authorization } }) });
  unsubscribe(decisionChannel, listen);
  await response.body?.cancel();
  const [, error] = /error="(\w+)"/.exec(response.headers.get('www-authenticate') ?? '') ?? [];
  return `${response.status} ${error ?? 'without error'}; in the log of the API: ${code}`;
}

function calling(token: (world: World) => Promise<string>, method = 'GET'): (world: World) => Promise<string> {
  return async (world) => call(`${world.api}/reports`, `Bearer ${await token(world)}`, method);
}

const accessToken = async (world: World) => (await signIn(world)).access_token;

/** Mistakes when the API is called. With NODE_DEBUG=resource-server the API logs the reason. */
export const apiCall: readonly Mistake[] = [
  {
    mistake: 'no token',
    make: ({ api }) => call(`${api}/reports`),
    message: '401 without error; in the log of the API: credentials_missing',
    fix: 'send the header Authorization: Bearer TOKEN; check for a proxy or a redirect that removes it',
  },
  {
    mistake: 'the token without the word Bearer',
    make: async (world) => call(`${world.api}/reports`, await accessToken(world)),
    message: '401 without error; in the log of the API: credentials_missing',
    fix: 'send Authorization: Bearer, one space, the token',
  },
  {
    mistake: 'the token in the address',
    make: async (world) => call(`${world.api}/reports?access_token=${await accessToken(world)}`),
    message: '400 invalid_request; in the log of the API: token_elsewhere',
    fix: 'send the header instead, since addresses are logged',
  },
  {
    mistake: 'a token for another API',
    make: calling(async (world) => (await signIn(world, { resource: 'https://other-api.example.com' })).access_token),
    message: '401 invalid_token; in the log of the API: audience_mismatch',
    fix: 'request a token with the audience of this API as its resource',
  },
  {
    mistake: 'an ID token',
    make: calling(({ issuer }) => issuer.bad.idToken({ scope: 'read' })),
    message: '401 invalid_token; in the log of the API: type_refused',
    fix: 'send the access_token: an ID token is for the client only',
  },
  {
    mistake: 'a token of another environment',
    make: calling(({ issuer }) => issuer.bad.wrongIssuer({ scope: 'read' })),
    message: '401 invalid_token; in the log of the API: issuer_untrusted',
    fix: 'compare the iss of the token with the issuer in the options of the API, character by character',
  },
  {
    mistake: 'a token that expired',
    make: calling(async (world) => {
      const token = await accessToken(world);
      world.issuer.clock.advance(360);
      return token;
    }),
    message: '401 invalid_token; in the log of the API: token_expired',
    fix: 'refresh before expires_in has passed; otherwise compare the clocks',
  },
  {
    mistake: 'a token without the scope',
    make: calling(accessToken, 'POST'),
    message: '403 insufficient_scope; in the log of the API: scope_insufficient',
    fix: 'request the scope that the challenge names',
  },
];
