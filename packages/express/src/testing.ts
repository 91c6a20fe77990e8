/**
 * Test doubles for handlers and guards, without an issuer. Nothing here validates a token: import
 * it in tests only.
 *
 * @module
 */
import type { IncomingMessage } from 'node:http';
import type { Auth } from '@resource-server/core';
import { authenticator, type ExpressRequest } from './authenticator.js';

export { type FakeAuthFields, fakeAuth } from '@resource-server/core/testing';

/**
 * Stores `auth` for a request, as if an `auth()` had validated it. Guards, handlers and a later
 * `auth()` of any server accept it. No token is validated.
 *
 * @example
 * import { fakeAuth, setAuth } from '@resource-server/express/testing';
 * import express from 'express';
 *
 * const app = express();
 * app.use((req, _res, next) => {
 *   setAuth(req, fakeAuth({ scopes: ['read'] }));
 *   next();
 * });
 */
export function setAuth(req: IncomingMessage, auth: Auth<unknown>): void {
  authenticator.pretend(req, auth);
  (req as ExpressRequest).auth = auth;
}
