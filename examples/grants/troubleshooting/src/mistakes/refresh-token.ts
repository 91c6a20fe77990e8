import { refusalOf } from 'example-stage/answers';
import * as client from 'openid-client';
import type { Mistake } from '../mistake.js';
import { signIn, type World } from '../world.js';

async function refreshTokenOf(world: World): Promise<string> {
  return (await signIn(world)).refresh_token ?? '';
}

/** Mistakes when a refresh token is used. */
export const refreshToken: readonly Mistake[] = [
  {
    mistake: 'a refresh token that is used twice',
    async make(world) {
      const token = await refreshTokenOf(world);
      await client.refreshTokenGrant(world.config, token);
      return refusalOf(client.refreshTokenGrant(world.config, token));
    },
    message: 'invalid_grant: the refresh token was used before, so that everything issued with it is revoked now',
    fix: 'store the new refresh token, and refresh one request at a time; the user must sign in again',
  },
  {
    mistake: 'the refresh token that replaced it, afterwards',
    async make(world) {
      const token = await refreshTokenOf(world);
      const { refresh_token: next = '' } = await client.refreshTokenGrant(world.config, token);
      await refusalOf(client.refreshTokenGrant(world.config, token));
      return refusalOf(client.refreshTokenGrant(world.config, next));
    },
    message: 'invalid_grant: the refresh token was revoked',
    fix: 'the same mistake, detected later: find the code that used the old one',
  },
  {
    mistake: 'a refresh token that was unused for three weeks',
    async make(world) {
      const token = await refreshTokenOf(world);
      world.issuer.clock.advance(21 * 24 * 3600);
      return refusalOf(client.refreshTokenGrant(world.config, token));
    },
    message: 'invalid_grant: the refresh token expired: it was not used for 1209600 seconds',
    fix: 'have the user sign in again; do not retry after invalid_grant',
  },
  {
    mistake: 'a refresh token of another client',
    async make(world) {
      const other = await world.connect('other', client.ClientSecretBasic('another-secret'));
      return refusalOf(client.refreshTokenGrant(other, await refreshTokenOf(world)));
    },
    message: "invalid_grant: the refresh token was issued to another client: to 'web', and not to 'other'",
    fix: 'refresh as the client that received it',
  },
  {
    mistake: 'more scope than was granted',
    make: async (world) =>
      refusalOf(client.refreshTokenGrant(world.config, await refreshTokenOf(world), { scope: 'read write' })),
    message: "invalid_scope: the scope 'write' was not granted; granted was 'read'",
    fix: 'request the missing scope with a new authorization request',
  },
  {
    mistake: 'an access token instead of a refresh token',
    make: async (world) => refusalOf(client.refreshTokenGrant(world.config, (await signIn(world)).access_token)),
    message: 'invalid_grant: no such refresh token was issued here',
    fix: 'send the refresh_token, and store both tokens under separate names',
  },
];
