/**
 * For tests of handlers and guards without an issuer. Nothing here checks anything.
 *
 * @module
 */
import type { Auth } from '@resource-server/core';
import type { FastifyRequestLike } from './fastify-like.js';
import { gatekeeper } from './gatekeeper.js';

export { type FakeAuthFields, fakeAuth } from '@resource-server/core/testing';

/**
 * Makes guards, handlers and a later `auth` of any server see `auth` as admitted with this request.
 *
 * @example app.addHook('onRequest', async (request) => setAuth(request, fakeAuth({ scopes: ['read'] })))
 */
export function setAuth(request: Pick<FastifyRequestLike, 'raw'>, auth: Auth<unknown>): void {
  gatekeeper.pretend(request.raw, auth);
  Object.assign(request, { auth });
}
