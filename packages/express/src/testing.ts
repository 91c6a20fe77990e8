/**
 * For tests of handlers and guards without an issuer. Nothing here checks anything.
 *
 * @module
 */
import type { IncomingMessage } from 'node:http';
import type { Auth } from '@resource-server/core';
import { authenticator, type ExpressRequest } from './authenticator.js';

export { type FakeAuthFields, fakeAuth } from '@resource-server/core/testing';

/**
 * Makes guards, handlers and a later `auth()` of any server see `auth` as admitted with this request.
 *
 * @example app.use((req, _res, next) => { setAuth(req, fakeAuth({ scopes: ['read'] })); next(); })
 */
export function setAuth(req: IncomingMessage, auth: Auth<unknown>): void {
  authenticator.pretend(req, auth);
  (req as ExpressRequest).auth = auth;
}
