/*
 * The mistakes that people make with OAuth, made on purpose: what each is answered with, by the issuer, by openid-client or by the API, and how
 * to mend it. Issuers that are not for tests say less in their descriptions; the codes are the same.
 */
import { statusOf } from 'example-stage/answers';
import { tellStory } from 'example-stage/story';
import { apiCall } from './mistakes/api-call.js';
import { authorizationRequest } from './mistakes/authorization-request.js';
import { code } from './mistakes/code.js';
import { refreshToken } from './mistakes/refresh-token.js';
import { openWorld, signIn } from './world.js';

const chapters = [
  ['The browser is sent to the issuer', authorizationRequest],
  ['The code becomes tokens', code],
  ['The refresh token becomes others', refreshToken],
  ['The API is called', apiCall],
] as const;

await tellStory('Troubleshooting: each mistake, and what it is answered with', async (teller) => {
  const { say, expect, note } = teller;
  const world = await openWorld(teller);
  say('Without a mistake');
  const { access_token } = await signIn(world);
  expect(
    'the API, with the token of somebody who signed in',
    await statusOf(`${world.api}/reports`, access_token),
    200,
  );
  for (const [title, mistakes] of chapters) {
    say(title);
    for (const { mistake, make, message, mend } of mistakes) {
      expect(mistake, await make(world), message);
      note(mend);
    }
  }
});
