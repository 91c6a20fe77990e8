/**
 * Validation of OAuth 2 access tokens for Koa 2.16+ and 3.
 *
 * @module
 */
import {
  type AccessTokenClaims,
  type Auth,
  anyScope,
  type Denied,
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
  memberOf,
  type RequestCheck,
  type ResponseMethods,
  toPromise,
} from '@resource-server/core/adapter';
import { headersOfOtherAnswers, isOver, sendDenial, setHeaders } from '@resource-server/core/node';
import { authenticator, type KoaArguments, type KoaContext, type Next } from './authenticator.js';

export type { Auth, Denied, Policy, ResourceServer, ResourceServerOptions } from '@resource-server/core';
export { AccessError, ConfigurationError } from '@resource-server/core';

/**
 * Options of `auth()` beside those of the server: `onDenied` and `credentials`.
 *
 * @example
 * import { auth } from '@resource-server/koa';
 *
 * const middleware = auth(
 *   { issuer: 'https://login.example.com', audience: 'https://api.example.com' },
 *   { onDenied: 'delegate', credentials: 'optional' },
 * );
 */
export type AuthOptions = AuthMiddlewareOptions<KoaArguments>;

/** A middleware for Koa 2 and 3. */
export type Middleware = (ctx: KoaContext, next: Next) => Promise<unknown>;

/** A middleware that passes on only requests that satisfy its policy. */
export type GuardMiddleware = Middleware & {
  /** The policy that it evaluates. */
  readonly policy: Policy;
};

/**
 * Type of `ctx.state` behind `auth(server)`. Other middleware can write `ctx.state`; prefer
 * `getAuth(ctx)`.
 *
 * @example
 * import Router from '@koa/router';
 * import { createResourceServer } from '@resource-server/core';
 * import type { AuthState } from '@resource-server/koa';
 *
 * const server = createResourceServer({
 *   issuer: 'https://login.example.com',
 *   audience: 'https://api.example.com',
 * });
 * const router = new Router<AuthState<typeof server>>();
 * router.get('/me', (ctx) => {
 *   ctx.body = ctx.state.auth?.subject;
 * });
 */
export interface AuthState<Server = ResourceServer> {
  /** The validated token; `null` for an anonymous request. */
  auth: Server extends ResourceServer<infer Claims> ? Auth<Claims> | null : never;
}

/**
 * Creates a middleware that validates the access token of each request. A request without a valid
 * token is answered with 400, 401, 500 or 503 and reaches no handler. Handlers behind it call
 * `getAuth(ctx)`.
 *
 * It does NOT check scopes; use {@link requireScope} or {@link requirePolicy} for that.
 *
 * @param source options of a resource server, or a server that several routes share
 * @param options `onDenied` and `credentials`
 * @throws {ConfigurationError} for a wrong option
 * @see RFC 6750 section 2.1
 * @example
 * import { auth, getAuth } from '@resource-server/koa';
 * import Koa from 'koa';
 *
 * const app = new Koa();
 * app.use(auth({ issuer: 'https://login.example.com', audience: 'https://api.example.com' }));
 * app.use((ctx) => {
 *   ctx.body = { subject: getAuth(ctx).subject };
 * });
 */
export function auth<Claims = AccessTokenClaims>(
  source: ResourceServer<Claims> | ResourceServerOptions<Claims>,
  options: AuthOptions = {},
): Middleware {
  const gate = authenticator.gate(source, options);
  return middleware((ctx) => chain(gate(ctx), (verdict) => exposeAuth(ctx.state, verdict)));
}

/**
 * Creates a guard: the token must have all of these scopes. Other requests get 403 with the scopes
 * in the challenge. It needs `auth()` before it; without, every request gets 500.
 *
 * @param names `('a', 'b')`, `(['a', 'b'])` and `('a b')` mean the same
 * @throws {ConfigurationError} for an empty list, and for a name that is not a scope
 * @see RFC 6750 section 3.1
 * @example
 * import Router from '@koa/router';
 * import { requireScope } from '@resource-server/koa';
 *
 * const router = new Router();
 * router.get('/reports', requireScope('read'), (ctx) => {
 *   ctx.body = [];
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
 * import Router from '@koa/router';
 * import { requireAnyScope } from '@resource-server/koa';
 *
 * const router = new Router();
 * router.get('/reports', requireAnyScope('read', 'admin'), (ctx) => {
 *   ctx.body = [];
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
 * import Router from '@koa/router';
 * import { allOf, claim, scope } from '@resource-server/core';
 * import { requirePolicy } from '@resource-server/koa';
 *
 * const router = new Router();
 * const isHr = requirePolicy(allOf(scope('admin'), claim('department', 'hr')));
 * router.delete('/reports', isHr, (ctx) => {
 *   ctx.status = 204;
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
 * import { createResourceServer } from '@resource-server/core';
 * import { auth, getAuth } from '@resource-server/koa';
 * import Koa from 'koa';
 *
 * const server = createResourceServer({
 *   issuer: 'https://login.example.com',
 *   audience: 'https://api.example.com',
 * });
 * const app = new Koa();
 * app.use(auth(server, { credentials: 'optional' }));
 * app.use((ctx) => {
 *   ctx.body = getAuth(ctx, { from: server, optional: true })?.subject ?? 'anonymous';
 * });
 */
export const getAuth: GetAuth<Pick<KoaContext, 'req'>> = ((ctx: KoaContext, options?: object) =>
  authenticator.getAuth(ctx.req, options)) as GetAuth<Pick<KoaContext, 'req'>>;

const responseMethods: ResponseMethods<KoaArguments> = {
  isOver: ({ res }) => isOver(res),
  setHeaders: (headers, { res }) => setHeaders(res, headers),
  respond: (denial, ctx) => respond(ctx, denial),
};

function middleware(check: RequestCheck<KoaArguments, KoaContext>): Middleware {
  return (ctx, next) => {
    const result = applyVerdict(() => check(ctx), responseMethods, ctx, next);
    return toPromise(() =>
      chain(result, (outcome) => {
        if (outcome instanceof Error) throw outcome;
        return outcome === 'admitted' ? next() : undefined;
      }),
    );
  };
}

/** Sends the response through Koa, so that earlier middleware sees it like any other response. */
function respond(ctx: KoaContext, denial: Denied): void {
  // Koa does not send the response, or it has begun: nothing else would end it.
  if (ctx.respond === false || memberOf(ctx.res, 'headersSent') === true) {
    sendDenial(ctx.res, denial);
    return;
  }
  const { status, headers, body } = denial;
  for (const name of headersOfOtherAnswers) ctx.res.removeHeader(name);
  ctx.status = status;
  setHeaders(ctx.res, headers);
  ctx.body = body;
}
