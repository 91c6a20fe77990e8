import type { ResourceServer, ResourceServerOptions } from '@resource-server/core';
import { type AuthMiddlewareOptions, memberOf } from '@resource-server/core/adapter';
import type { FastifyArguments, FastifyRequestLike } from './fastify-like.js';

/**
 * Options for a resource server, or one that is shared (itself, or as `server`); beside them `onDenied`
 * and, with a shared one, `credentials`.
 */
export type AuthOptions =
  | (ResourceServerOptions<unknown> & Pick<AuthMiddlewareOptions<FastifyArguments>, 'onDenied'>)
  | ({ readonly server: ResourceServer<unknown> } & AuthMiddlewareOptions<FastifyArguments>)
  | ResourceServer<unknown>;

/** Options that Fastify hands to every plugin. */
const ofFastify = ['prefix', 'logLevel', 'logSerializers'];

/** Divides what a gate is told from what a server is made of. */
export function readPluginOptions(options: AuthOptions): {
  readonly source: ResourceServer<unknown> | ResourceServerOptions<unknown>;
  readonly gateOptions: AuthMiddlewareOptions<FastifyArguments>;
} {
  if (isServer(options)) return { source: options, gateOptions: {} };
  const ours = Object.entries(options).filter(([name]) => !ofFastify.includes(name));
  const { server, onDenied, ...rest } = Object.assign(Object.create(null), Object.fromEntries(ours)) as {
    server?: ResourceServer<unknown>;
  } & AuthMiddlewareOptions<FastifyArguments>;
  const answering = onDenied === undefined ? {} : { onDenied };
  if (server !== undefined) return { source: server, gateOptions: { ...answering, ...rest } };
  return { source: rest as ResourceServerOptions<unknown>, gateOptions: answering };
}

function isServer(options: AuthOptions): options is ResourceServer<unknown> {
  return typeof memberOf(options, 'check') === 'function';
}

/** Whether a route says that it needs no token. Whatever is not literally `true` guards it. */
export function isPublic({ routeOptions }: FastifyRequestLike): boolean {
  const auth = memberOf(Object(memberOf(routeOptions, 'config')), 'auth');
  return memberOf(Object(auth), 'public') === true;
}
