/**
 * Validation of OAuth 2 access tokens for Express 4.18+ and 5.
 *
 * @module
 */
import type { IncomingMessage, ServerResponse } from 'node:http';
import {
  type AccessTokenClaims,
  anyScope,
  type Policy,
  type ResourceServer,
  type ResourceServerOptions,
  type ScopeNames,
  scope,
} from '@resource-server/core';
import {
  type AuthMiddlewareOptions,
  applyVerdict,
  chain,
  exposeAuth,
  type GetAuth,
  type MaybePromise,
  type RequestCheck,
  type ResponseMethods,
} from '@resource-server/core/adapter';
import { isOver, sendDenial, setHeaders } from '@resource-server/core/node';
import { authenticator, type ExpressArguments, type ExpressRequest, type NextFunction } from './authenticator.js';

export type { Auth, Denied, Policy, ResourceServer, ResourceServerOptions } from '@resource-server/core';
export { AccessError, ConfigurationError } from '@resource-server/core';

/**
 * Options of `auth()` beside those of the server: `onDenied` and `credentials`.
 *
 * @example
 * import { auth } from '@resource-server/express';
 *
 * const middleware = auth(
 *   { issuer: 'https://login.example.com', audience: 'https://api.example.com' },
 *   { onDenied: 'delegate', credentials: 'optional' },
 * );
 */
export type AuthOptions = AuthMiddlewareOptions<ExpressArguments>;

/** A middleware for Express 4 and 5. */
export type Middleware = (req: IncomingMessage, res: ServerResponse, next: NextFunction) => MaybePromise<void>;

/** A middleware that passes on only requests that satisfy its policy. */
export type GuardMiddleware = Middleware & {
  /** The policy that it evaluates. */
  readonly policy: Policy;
};

/**
 * Creates a middleware that validates the access token of each request. A request without a valid
 * token is answered with 400, 401, 500 or 503 and reaches no handler. Handlers behind it call
 * `getAuth(req)`.
 *
 * It does NOT check scopes; use {@link requireScope} or {@link requirePolicy} for that.
 *
 * @param source options of a resource server, or a server that several routes share
 * @param options `onDenied` and `credentials`
 * @throws {ConfigurationError} for a wrong option
 * @see RFC 6750 section 2.1
 * @example
 * import { auth, getAuth } from '@resource-server/express';
 * import express from 'express';
 *
 * const app = express();
 * app.use(auth({ issuer: 'https://login.example.com', audience: 'https://api.example.com' }));
 * app.get('/me', (req, res) => {
 *   res.json({ subject: getAuth(req).subject });
 * });
 */
export function auth<Claims = AccessTokenClaims>(
  source: ResourceServer<Claims> | ResourceServerOptions<Claims>,
  options: AuthOptions = {},
): Middleware {
  const gate = authenticator.gate(source, options);
  return middleware((req) => chain(gate(req), (verdict) => exposeAuth(req, verdict)));
}

/**
 * Creates a guard: the token must have all of these scopes. Other requests get 403 with the scopes
 * in the challenge. It needs `auth()` before it; without, every request gets 500.
 *
 * @param names `('a', 'b')`, `(['a', 'b'])` and `('a b')` mean the same
 * @throws {ConfigurationError} for an empty list, and for a name that is not a scope
 * @see RFC 6750 section 3.1
 * @example
 * import { auth, requireScope } from '@resource-server/express';
 * import express from 'express';
 *
 * const app = express();
 * app.use(auth({ issuer: 'https://login.example.com', audience: 'https://api.example.com' }));
 * app.get('/reports', requireScope('read'), (_req, res) => {
 *   res.json([]);
 * });
 */
export function requireScope(...names: ScopeNames): GuardMiddleware {
  return requirePolicy(scope(...names));
}

/**
 * Creates a guard: the token must have at least one of these scopes. Other requests get 403.
 *
 * @throws {ConfigurationError} for an empty list, and for a name that is not a scope
 * @see RFC 6750 section 3.1
 * @example
 * import { auth, requireAnyScope } from '@resource-server/express';
 * import express from 'express';
 *
 * const app = express();
 * app.use(auth({ issuer: 'https://login.example.com', audience: 'https://api.example.com' }));
 * app.get('/reports', requireAnyScope('read', 'admin'), (_req, res) => {
 *   res.json([]);
 * });
 */
export function requireAnyScope(...names: ScopeNames): GuardMiddleware {
  return requirePolicy(anyScope(...names));
}

/**
 * Creates a guard: the request must satisfy `policy`. Other requests get 403.
 *
 * @param policy from `scope`, `anyScope`, `claim`, `where`, `allOf` or `anyOf` of
 *   `@resource-server/core`
 * @throws {ConfigurationError} for a value that is not a policy
 * @example
 * import { allOf, claim, scope } from '@resource-server/core';
 * import { auth, requirePolicy } from '@resource-server/express';
 * import express from 'express';
 *
 * const app = express();
 * app.use(auth({ issuer: 'https://login.example.com', audience: 'https://api.example.com' }));
 * const isHr = requirePolicy(allOf(scope('admin'), claim('department', 'hr')));
 * app.delete('/reports', isHr, (_req, res) => {
 *   res.sendStatus(204);
 * });
 */
export function requirePolicy(policy: Policy): GuardMiddleware {
  return Object.assign(middleware(authenticator.guard(policy)), { policy });
}

/**
 * Returns the validated token of a request. It reads the result of `auth()`; it does NOT validate
 * again.
 *
 * @throws {TypeError} for an anonymous request (unless `{ optional: true }`), for a request that no
 *   `auth()` has accepted, and when another server than `from` has checked it
 * @example
 * import { auth, getAuth } from '@resource-server/express';
 * import { createResourceServer } from '@resource-server/core';
 * import express from 'express';
 *
 * const server = createResourceServer({
 *   issuer: 'https://login.example.com',
 *   audience: 'https://api.example.com',
 * });
 * const app = express();
 * app.get('/feed', auth(server, { credentials: 'optional' }), (req, res) => {
 *   res.json({ reader: getAuth(req, { from: server, optional: true })?.subject ?? 'anonymous' });
 * });
 */
export const getAuth: GetAuth<IncomingMessage> = authenticator.getAuth;

const responseMethods: ResponseMethods<ExpressArguments> = {
  isOver: (_req, res) => isOver(res),
  setHeaders: (headers, _req, res) => setHeaders(res, headers),
  respond: (denial, _req, res) => sendDenial(res, denial),
};

function middleware(check: RequestCheck<ExpressArguments, ExpressRequest>): Middleware {
  return (req, res, next) =>
    chain(
      applyVerdict(() => check(req), responseMethods, req, res, next),
      (outcome) => {
        if (outcome === 'admitted') next();
        else if (outcome instanceof Error) next(outcome);
      },
    );
}
