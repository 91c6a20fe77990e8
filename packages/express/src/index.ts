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
  after,
  type Eventually,
  type GateOptions,
  type GetAuth,
  type Judge,
  offerAuth,
  type Settlement,
  settle,
} from '@resource-server/core/adapter';
import { isOver, sendDenial, setHeaders } from '@resource-server/core/node';
import { type ExpressArguments, type ExpressRequest, gatekeeper, type NextFunction } from './gatekeeper.js';

export type { Auth, Denial, Policy, ResourceServer, ResourceServerOptions } from '@resource-server/core';
export { AccessError, ConfigurationError } from '@resource-server/core';

/** What `auth()` can be told beyond the server's options: `onDenied` and `credentials`. */
export type AuthOptions = GateOptions<ExpressArguments>;

/** A middleware that fits Express 4 and 5. */
export type Middleware = (req: IncomingMessage, res: ServerResponse, next: NextFunction) => Eventually<void>;

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
  const gate = gatekeeper.gate(source, options);
  return middleware((req) => after(gate(req), (verdict) => offerAuth(req, verdict)));
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
  return Object.assign(middleware(gatekeeper.guard(policy)), { policy });
}

/** Who was admitted with this request. Throws where nobody was, unless `{ optional: true }`. */
export const getAuth: GetAuth<IncomingMessage> = gatekeeper.getAuth;

const settlement: Settlement<ExpressArguments> = {
  isOver: (_req, res) => isOver(res),
  setHeaders: (headers, _req, res) => setHeaders(res, headers),
  respond: (denial, _req, res) => sendDenial(res, denial),
};

function middleware(judge: Judge<ExpressArguments, ExpressRequest>): Middleware {
  return (req, res, next) =>
    after(
      settle(() => judge(req), settlement, req, res, next),
      (outcome) => {
        if (outcome === 'admitted') next();
        else if (outcome instanceof Error) next(outcome);
      },
    );
}
