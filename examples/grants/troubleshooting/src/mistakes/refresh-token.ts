import { refusalOf } from 'example-stage/answers';
import * as client from 'openid-client';
import type { Mistake } from '../mistake.js';
import { signIn, type World } from '../world.js';

async function refreshTokenOf(world: World): Promise<string> {
  return (await signIn(world)).refresh_token ?? '';
}

/** Where a refresh token becomes others. */
export const refreshToken: readonly Mistake[] = [
  {
    mistake: 'a refresh token a second time',
    async make(world) {
      const token = await refreshTokenOf(world);
      await client.refreshTokenGrant(world.config, token);
      return refusalOf(client.refreshTokenGrant(world.config, token));
    },
    message: 'invalid_grant: the refresh token was used before, so that everything issued with it is revoked now',
    mend: 'store the one that came with the answer, and let one request at a time refresh; the user has to sign in anew',
  },
  {
    mistake: 'the one that replaced it, after that',
    async make(world) {
      const token = await refreshTokenOf(world);
      const { refresh_token: next = '' } = await client.refreshTokenGrant(world.config, token);
      await refusalOf(client.refreshTokenGrant(world.config, token));
      return refusalOf(client.refreshTokenGrant(world.config, next));
    },
    message: 'invalid_grant: the refresh token was revoked',
    mend: 'the same mistake, seen later: look for who used the old one',
  },
  {
    mistake: 'a refresh token that lay about for three weeks',
    async make(world) {
      const token = await refreshTokenOf(world);
      world.issuer.clock.advance(21 * 24 * 3600);
      return refusalOf(client.refreshTokenGrant(world.config, token));
    },
    message: 'invalid_grant: the refresh token expired: it was not used for 1209600 seconds',
    mend: 'send the user to sign in; invalid_grant is no reason to try again',
  },
  {
    mistake: 'a refresh token of another client',
    async make(world) {
      const other = await world.connect('other', client.ClientSecretBasic('another-secret'));
      return refusalOf(client.refreshTokenGrant(other, await refreshTokenOf(world)));
    },
    message: "invalid_grant: the refresh token was issued to another client: to 'web', and not to 'other'",
    mend: 'refresh as the client that got it',
  },
  {
    mistake: 'more scope than was granted',
    make: async (world) =>
      refusalOf(client.refreshTokenGrant(world.config, await refreshTokenOf(world), { scope: 'read write' })),
    message: "invalid_scope: the scope 'write' was not granted; granted was 'read'",
    mend: 'ask the user, by an authorization request, for what is not granted yet',
  },
  {
    mistake: 'an access token instead of a refresh token',
    make: async (world) => refusalOf(client.refreshTokenGrant(world.config, (await signIn(world)).access_token)),
    message: 'invalid_grant: no such refresh token was issued here',
    mend: 'send refresh_token, and keep the two apart',
  },
];
