/**
 * Test doubles for handlers and guards, without an issuer. Nothing here validates a token: import
 * it in tests only.
 *
 * @module
 */
import type { Auth } from '@resource-server/core';
import { authenticator, type KoaContext } from './authenticator.js';

export { type FakeAuthFields, fakeAuth } from '@resource-server/core/testing';

/**
 * Stores `auth` for a request, as if an `auth()` had validated it. Guards, handlers and a later
 * `auth()` of any server accept it. No token is validated.
 *
 * @example
 * import { fakeAuth, setAuth } from '@resource-server/koa/testing';
 * import Koa from 'koa';
 *
 * const app = new Koa();
 * app.use((ctx, next) => {
 *   setAuth(ctx, fakeAuth({ scopes: ['read'] }));
 *   return next();
 * });
 */
export function setAuth(ctx: Pick<KoaContext, 'req' | 'state'>, auth: Auth<unknown>): void {
  authenticator.pretend(ctx.req, auth);
  Object.assign(ctx.state, { auth });
}
