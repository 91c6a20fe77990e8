/**
 * For tests of handlers and guards without an issuer. Nothing here checks anything.
 *
 * @module
 */
import type { Auth } from '@resource-server/core';
import { authenticator, type KoaContext } from './authenticator.js';

export { type FakeAuthFields, fakeAuth } from '@resource-server/core/testing';

/**
 * Makes guards, handlers and a later `auth()` of any server see `auth` as admitted with this request.
 *
 * @example app.use((ctx, next) => { setAuth(ctx, fakeAuth({ scopes: ['read'] })); return next(); })
 */
export function setAuth(ctx: Pick<KoaContext, 'req' | 'state'>, auth: Auth<unknown>): void {
  authenticator.pretend(ctx.req, auth);
  Object.assign(ctx.state, { auth });
}
