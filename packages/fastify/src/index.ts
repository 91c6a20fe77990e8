/**
 * OAuth 2 access tokens for Fastify 5.
 *
 * @module
 */
import { anyScope, type Header, type Policy, type ScopeNames, scope } from '@resource-server/core';
import {
  applyVerdict,
  chain,
  exposeAuth,
  type GetAuth,
  type Judge,
  type MaybePromise,
  type Outcome,
  type ResponseMethods,
} from '@resource-server/core/adapter';
import { headersByName, headersOfOtherAnswers, isOver } from '@resource-server/core/node';
import fastifyPlugin from 'fastify-plugin';
import { authenticator } from './authenticator.js';
import type { FastifyArguments, FastifyInstanceLike, FastifyReplyLike, FastifyRequestLike } from './fastify-like.js';
import { type AuthOptions, isPublic, readPluginOptions } from './plugin-options.js';

export type { Auth, Denied, Policy, ResourceServer, ResourceServerOptions } from '@resource-server/core';
export { AccessError, ConfigurationError } from '@resource-server/core';
export type { FastifyReplyLike, FastifyRequestLike } from './fastify-like.js';
export type { AuthOptions } from './plugin-options.js';

/**
 * A hook for `onRequest`, of routes and contexts over HTTP/1.1, HTTPS and HTTP/2. Called by a hook of your own, without `done`, it
 * gives a promise: await it.
 */
export type Hook = (
  request: FastifyRequestLike,
  reply: FastifyReplyLike,
  done?: () => void,
) => Promise<unknown> | undefined;

/** A hook that lets through who satisfies its policy. */
export type GuardHook = Hook & { readonly policy: Policy };

/**
 * Plugin: lets through requests with a valid access token, and answers all others itself, before their
 * body is read. Guards the context it is registered in and those below, whatever was registered
 * before; `config: { auth: { public: true } }` opens a route. An `onRequest` hook that was registered earlier runs
 * earlier, and what it answers was not asked for a token: register this before `@fastify/middie` and `@fastify/express`.
 *
 * @example await app.register(auth, { issuer: 'https://login.example.com', audience: 'https://api.example.com' })
 * @throws {ConfigurationError} for an option that cannot be honoured
 */
export const auth: (instance: FastifyInstanceLike, options: AuthOptions) => Promise<void> = fastifyPlugin(
  plugin as never,
  { fastify: '5.x', name: '@resource-server/fastify' },
);

async function plugin(instance: FastifyInstanceLike, options: AuthOptions): Promise<void> {
  const { source, gateOptions } = readPluginOptions(options);
  const gate = authenticator.gate(source, gateOptions);
  const guard = hook((request) => chain(gate(request), (verdict) => exposeAuth(request, verdict)));
  instance.addHook('onRequest', (request, reply, done) => (isPublic(request) ? done() : guard(request, reply, done)));
}

/**
 * Lets through whose token carries all of these scopes; others get 403 and the challenge.
 *
 * @example app.get('/reports', { onRequest: requireScope('read') }, async (request) => getAuth(request).subject)
 */
export function requireScope(...names: ScopeNames): GuardHook {
  return requirePolicy(scope(...names));
}

/** Lets through whose token carries at least one of these scopes. */
export function requireAnyScope(...names: ScopeNames): GuardHook {
  return requirePolicy(anyScope(...names));
}

/** Lets through who satisfies `policy`; see `scope`, `claim`, `where`, `allOf`, `anyOf` of the core. */
export function requirePolicy(policy: Policy): GuardHook {
  return Object.assign(hook(authenticator.guard(policy)), { policy });
}

/** Who was admitted with this request. Throws where nobody was, unless `{ optional: true }`. */
export const getAuth: GetAuth<Pick<FastifyRequestLike, 'raw'>> = ((
  request: Pick<FastifyRequestLike, 'raw'>,
  options?: object,
) => authenticator.getAuth(request.raw, options)) as GetAuth<Pick<FastifyRequestLike, 'raw'>>;

const settlement: ResponseMethods<FastifyArguments> = {
  isOver: (_request, { raw }) => isOver(raw),
  setHeaders: (headers, _request, reply) => setHeaders(reply, headers),
  respond: ({ status, headers, body }, { raw }, reply) => {
    // A refusal that is refused: as an onSend hook a guard would judge its own answer, and that one's, for ever.
    if (refused.has(raw)) throw new TypeError('guards are hooks for onRequest, not for onSend');
    refused.add(raw);
    for (const name of headersOfOtherAnswers) if (reply.hasHeader(name)) reply.removeHeader(name);
    setHeaders(reply.code(status), headers);
    // As octets, since Fastify adds a charset to text.
    reply.send(Buffer.from(body));
  },
};

function hook(judge: Judge<FastifyArguments, FastifyRequestLike>): Hook {
  return (request, reply, done) => {
    const outcome = applyVerdict(() => judge(request), settlement, request, reply);
    // Fastify waits for a promise, or for `done`, never for both. Some of its hooks get something else there.
    if (outcome !== 'admitted' || typeof done !== 'function') return conclude(outcome, reply);
    done();
    return undefined;
  };
}

async function conclude(settled: MaybePromise<Outcome>, reply: FastifyReplyLike): Promise<void> {
  const outcome = await settled;
  if (outcome instanceof Error) throw outcome;
  if (outcome !== 'admitted') await finish(reply);
}

/** Requests that have had their refusal. */
const refused = new WeakSet<object>();

function setHeaders(reply: FastifyReplyLike, headers: readonly Header[]): void {
  for (const [name, value] of Object.entries(headersByName(headers))) reply.header(name, value);
}

/** Ends the request here: Fastify goes on to the handler when a hook resolves before the reply was sent. */
async function finish(reply: FastifyReplyLike): Promise<void> {
  // An onDenied function may answer later; a client that went away never gets its answer.
  if (!reply.sent && !isOver(reply.raw)) await reply;
  if (!reply.sent) reply.hijack();
}
