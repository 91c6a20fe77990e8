/**
 * Test doubles for handlers and guards, without an issuer. Nothing here validates a token: import
 * it in tests only.
 *
 * @module
 */
import type { Auth } from '@resource-server/core';
import { authenticator } from './authenticator.js';
import type { FastifyRequestLike } from './fastify-like.js';

export { type FakeAuthFields, fakeAuth } from '@resource-server/core/testing';

/**
 * Stores `auth` for a request, as if the plugin `auth` had validated it. Guards, handlers and a
 * later `auth` of any server accept it. No token is validated.
 *
 * @example
 * import { fakeAuth, setAuth } from '@resource-server/fastify/testing';
 * import Fastify from 'fastify';
 *
 * const app = Fastify();
 * app.addHook('onRequest', async (request) => setAuth(request, fakeAuth({ scopes: ['read'] })));
 */
export function setAuth(request: Pick<FastifyRequestLike, 'raw'>, auth: Auth<unknown>): void {
  authenticator.pretend(request.raw, auth);
  Object.assign(request, { auth });
}
