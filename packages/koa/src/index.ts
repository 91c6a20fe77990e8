/**
 * OAuth 2 access tokens for Koa 2.16+ and 3.
 *
 * @module
 */
import {
  type AccessTokenClaims,
  type Auth,
  anyScope,
  type Denial,
  type Policy,
  type ResourceServer,
  type ResourceServerOptions,
  type ScopeNames,
  scope,
} from '@resource-server/core';
import {
  after,
  type GateOptions,
  type GetAuth,
  type Judge,
  memberOf,
  offerAuth,
  promised,
  type Settlement,
  settle,
} from '@resource-server/core/adapter';
import { headersOfOtherAnswers, isOver, sendDenial, setHeaders } from '@resource-server/core/node';
import { gatekeeper, type KoaArguments, type KoaContext, type Next } from './gatekeeper.js';

export type { Auth, Denial, Policy, ResourceServer, ResourceServerOptions } from '@resource-server/core';
export { AccessError, ConfigurationError } from '@resource-server/core';

/** What `auth()` can be told beyond the server's options: `onDenied` and `credentials`. */
export type AuthOptions = GateOptions<KoaArguments>;

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
  const gate = gatekeeper.gate(source, options);
  return middleware((ctx) => after(gate(ctx), (verdict) => offerAuth(ctx.state, verdict)));
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
  return Object.assign(middleware(gatekeeper.guard(policy)), { policy });
}

/** Who was admitted with this request. Throws where nobody was, unless `{ optional: true }`. */
export const getAuth: GetAuth<Pick<KoaContext, 'req'>> = ((ctx: KoaContext, options?: object) =>
  gatekeeper.getAuth(ctx.req, options)) as GetAuth<Pick<KoaContext, 'req'>>;

const settlement: Settlement<KoaArguments> = {
  isOver: ({ res }) => isOver(res),
  setHeaders: (headers, { res }) => setHeaders(res, headers),
  respond: (denial, ctx) => respond(ctx, denial),
};

function middleware(judge: Judge<KoaArguments, KoaContext>): Middleware {
  return (ctx, next) => {
    const settled = settle(() => judge(ctx), settlement, ctx, next);
    return promised(() =>
      after(settled, (outcome) => {
        if (outcome instanceof Error) throw outcome;
        return outcome === 'admitted' ? next() : undefined;
      }),
    );
  };
}

/** Answers through Koa, so that middleware in front of this one sees the answer as any other. */
function respond(ctx: KoaContext, denial: Denial): void {
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
