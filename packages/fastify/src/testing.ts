/**
 * For tests of handlers and guards without an issuer. Nothing here checks anything.
 *
 * @module
 */
import type { Auth } from '@resource-server/core';
import { authenticator } from './authenticator.js';
import type { FastifyRequestLike } from './fastify-like.js';

export { type FakeAuthFields, fakeAuth } from '@resource-server/core/testing';

/**
 * Makes guards, handlers and a later `auth` of any server see `auth` as admitted with this request.
 *
 * @example app.addHook('onRequest', async (request) => setAuth(request, fakeAuth({ scopes: ['read'] })))
 */
export function setAuth(request: Pick<FastifyRequestLike, 'raw'>, auth: Auth<unknown>): void {
  authenticator.pretend(request.raw, auth);
  Object.assign(request, { auth });
}
