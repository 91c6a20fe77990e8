/**
 * OAuth 2 access tokens for Koa 2.16+ and 3.
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
  type Judge,
  memberOf,
  type ResponseMethods,
  toPromise,
} from '@resource-server/core/adapter';
import { headersOfOtherAnswers, isOver, sendDenial, setHeaders } from '@resource-server/core/node';
import { authenticator, type KoaArguments, type KoaContext, type Next } from './authenticator.js';

export type { Auth, Denied, Policy, ResourceServer, ResourceServerOptions } from '@resource-server/core';
export { AccessError, ConfigurationError } from '@resource-server/core';

/** What `auth()` can be told beyond the server's options: `onDenied` and `credentials`. */
export type AuthOptions = AuthMiddlewareOptions<KoaArguments>;

/** A middleware that fits Koa 2 and 3. */
export type Middleware = (ctx: KoaContext, next: Next) => Promise<unknown>;

/** A middleware that lets through who satisfies its policy. */
export type GuardMiddleware = Middleware & { readonly policy: Policy };

/**
 * The `ctx.state` behind `auth(server)`: `new Router<AuthState<typeof server>>()`. Prefer `getAuth(ctx)`,
 * which nobody else can write to.
 */
export interface AuthState<Server = ResourceServer> {
  /** Who was admitted; `null` where credentials are optional and none were sent. */
  auth: Server extends ResourceServer<infer Claims> ? Auth<Claims> | null : never;
}

/**
 * Lets through requests with a valid access token, and answers all others itself. What comes behind
 * gets `getAuth(ctx)`.
 *
 * @param source options for a resource server, or one that is shared
 * @throws {ConfigurationError} for an option that cannot be honoured
 */
export function auth<Claims = AccessTokenClaims>(
  source: ResourceServer<Claims> | ResourceServerOptions<Claims>,
  options: AuthOptions = {},
): Middleware {
  const gate = authenticator.gate(source, options);
  return middleware((ctx) => chain(gate(ctx), (verdict) => exposeAuth(ctx.state, verdict)));
}

/**
 * Lets through whose token carries all of these scopes; others get 403 and the challenge.
 *
 * @example router.get('/reports', requireScope('read'), (ctx) => { ctx.body = getAuth(ctx).subject; })
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
export const getAuth: GetAuth<Pick<KoaContext, 'req'>> = ((ctx: KoaContext, options?: object) =>
  authenticator.getAuth(ctx.req, options)) as GetAuth<Pick<KoaContext, 'req'>>;

const settlement: ResponseMethods<KoaArguments> = {
  isOver: ({ res }) => isOver(res),
  setHeaders: (headers, { res }) => setHeaders(res, headers),
  respond: (denial, ctx) => respond(ctx, denial),
};

function middleware(judge: Judge<KoaArguments, KoaContext>): Middleware {
  return (ctx, next) => {
    const settled = applyVerdict(() => judge(ctx), settlement, ctx, next);
    return toPromise(() =>
      chain(settled, (outcome) => {
        if (outcome instanceof Error) throw outcome;
        return outcome === 'admitted' ? next() : undefined;
      }),
    );
  };
}

/** Answers through Koa, so that middleware in front of this one sees the answer as any other. */
function respond(ctx: KoaContext, denial: Denied): void {
  // Where Koa will not write the answer, or somebody has begun one, nobody else would end it.
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
