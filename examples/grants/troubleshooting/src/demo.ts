/*
 * Common mistakes with OAuth, made on purpose: the error of the issuer, of openid-client or of the
 * API, and how to fix it. Issuers for production give shorter descriptions; the error codes are the
 * same.
 */
import { statusOf } from 'example-stage/answers';
import { tellStory } from 'example-stage/story';
import { apiCall } from './mistakes/api-call.js';
import { authorizationRequest } from './mistakes/authorization-request.js';
import { code } from './mistakes/code.js';
import { refreshToken } from './mistakes/refresh-token.js';
import { openWorld, signIn } from './world.js';

const chapters = [
  ['The authorization request', authorizationRequest],
  ['The code is redeemed', code],
  ['The refresh token is used', refreshToken],
  ['The API is called', apiCall],
] as const;

await tellStory('Troubleshooting: common mistakes, and their errors', async (teller) => {
  const { say, expect, note } = teller;
  const world = await openWorld(teller);
  say('Without a mistake');
  const { access_token } = await signIn(world);
  expect(
    'the API, with the token of a user who has signed in',
    await statusOf(`${world.api}/reports`, access_token),
    200,
  );
  for (const [title, mistakes] of chapters) {
    say(title);
    for (const { mistake, make, message, fix } of mistakes) {
      expect(mistake, await make(world), message);
      note(fix);
    }
  }
});
