import type { ResourceServer, ResourceServerOptions } from '@resource-server/core';
import { type AuthMiddlewareOptions, memberOf } from '@resource-server/core/adapter';
import type { FastifyArguments, FastifyRequestLike } from './fastify-like.js';

/**
 * Options of the plugin `auth`, in one of three forms: the options of a resource server and
 * `onDenied`; a shared server as `server`, with `onDenied` and `credentials`; or the shared server
 * itself. An unknown name or a wrong value throws a `ConfigurationError`.
 *
 * @example
 * import type { AuthOptions } from '@resource-server/fastify';
 *
 * const options: AuthOptions = {
 *   issuer: 'https://login.example.com',
 *   audience: 'https://api.example.com',
 *   onDenied: 'delegate',
 * };
 */
export type AuthOptions =
  | (ResourceServerOptions<unknown> & Pick<AuthMiddlewareOptions<FastifyArguments>, 'onDenied'>)
  | ({ readonly server: ResourceServer<unknown> } & AuthMiddlewareOptions<FastifyArguments>)
  | ResourceServer<unknown>;

/** Options that Fastify passes to every plugin. */
const frameworkOptions = ['prefix', 'logLevel', 'logSerializers'];

/** Separates the options of `auth` itself from those of the resource server. */
export function readPluginOptions(options: AuthOptions): {
  readonly source: ResourceServer<unknown> | ResourceServerOptions<unknown>;
  readonly gateOptions: AuthMiddlewareOptions<FastifyArguments>;
} {
  if (isServer(options)) return { source: options, gateOptions: {} };
  const entries = Object.entries(options).filter(([name]) => !frameworkOptions.includes(name));
  const { server, onDenied, ...rest } = Object.assign(Object.create(null), Object.fromEntries(entries)) as {
    server?: ResourceServer<unknown>;
  } & AuthMiddlewareOptions<FastifyArguments>;
  const denialOptions = onDenied === undefined ? {} : { onDenied };
  if (server !== undefined) return { source: server, gateOptions: { ...denialOptions, ...rest } };
  return { source: rest as ResourceServerOptions<unknown>, gateOptions: denialOptions };
}

function isServer(options: AuthOptions): options is ResourceServer<unknown> {
  return typeof memberOf(options, 'check') === 'function';
}

/** Whether a route needs no token: only the literal `true` exempts it. */
export function isPublic({ routeOptions }: FastifyRequestLike): boolean {
  const auth = memberOf(Object(memberOf(routeOptions, 'config')), 'auth');
  return memberOf(Object(auth), 'public') === true;
}
