/**
 * OAuth 2 access tokens for Express 4.18+ and 5.
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
  type Judge,
  type MaybePromise,
  type ResponseMethods,
} from '@resource-server/core/adapter';
import { isOver, sendDenial, setHeaders } from '@resource-server/core/node';
import { authenticator, type ExpressArguments, type ExpressRequest, type NextFunction } from './authenticator.js';

export type { Auth, Denied, Policy, ResourceServer, ResourceServerOptions } from '@resource-server/core';
export { AccessError, ConfigurationError } from '@resource-server/core';

/** What `auth()` can be told beyond the server's options: `onDenied` and `credentials`. */
export type AuthOptions = AuthMiddlewareOptions<ExpressArguments>;

/** A middleware that fits Express 4 and 5. */
export type Middleware = (req: IncomingMessage, res: ServerResponse, next: NextFunction) => MaybePromise<void>;

/** A middleware that lets through who satisfies its policy. */
export type GuardMiddleware = Middleware & { readonly policy: Policy };

/**
 * Lets through requests with a valid access token, and answers all others itself. Routes behind it
 * get `getAuth(req)`.
 *
 * @param source options for a resource server, or one that is shared
 * @throws {ConfigurationError} for an option that cannot be honoured
 */
export function auth<Claims = AccessTokenClaims>(
  source: ResourceServer<Claims> | ResourceServerOptions<Claims>,
  options: AuthOptions = {},
): Middleware {
  const gate = authenticator.gate(source, options);
  return middleware((req) => chain(gate(req), (verdict) => exposeAuth(req, verdict)));
}

/**
 * Lets through whose token carries all of these scopes; others get 403 and the challenge.
 *
 * @example app.get('/reports', requireScope('read'), handler)
 */
export function requireScope(...names: ScopeNames): GuardMiddleware {
  return requirePolicy(scope(...names));
}

/** Lets through whose token carries at least one of these scopes. */
export function requireAnyScope(...names: ScopeNames): GuardMiddleware {
  return requirePolicy(anyScope(...names));
}

/** Lets through who satisfies `policy`; see `scope`, `claim`, `where`, `allOf`, `anyOf` of the core. */
export function requirePolicy(policy: Policy): GuardMiddleware {
  return Object.assign(middleware(authenticator.guard(policy)), { policy });
}

/** Who was admitted with this request. Throws where nobody was, unless `{ optional: true }`. */
export const getAuth: GetAuth<IncomingMessage> = authenticator.getAuth;

const settlement: ResponseMethods<ExpressArguments> = {
  isOver: (_req, res) => isOver(res),
  setHeaders: (headers, _req, res) => setHeaders(res, headers),
  respond: (denial, _req, res) => sendDenial(res, denial),
};

function middleware(judge: Judge<ExpressArguments, ExpressRequest>): Middleware {
  return (req, res, next) =>
    chain(
      applyVerdict(() => judge(req), settlement, req, res, next),
      (outcome) => {
        if (outcome === 'admitted') next();
        else if (outcome instanceof Error) next(outcome);
      },
    );
}
