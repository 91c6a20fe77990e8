/**
 * Validation of OAuth 2 access tokens for Fastify 5.
 *
 * @module
 */
import { anyScope, type Header, type Policy, type ScopeNames, scope } from '@resource-server/core';
import {
  applyVerdict,
  chain,
  exposeAuth,
  type GetAuth,
  type MaybePromise,
  type Outcome,
  type RequestCheck,
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
 * A hook for `onRequest` of routes and contexts, over HTTP/1.1, HTTPS and HTTP/2. An application
 * that calls it without `done`, in a hook of its own, must await the returned promise.
 */
export type Hook = (
  request: FastifyRequestLike,
  reply: FastifyReplyLike,
  done?: () => void,
) => Promise<unknown> | undefined;

/** A hook that passes on only requests that satisfy its policy. */
export type GuardHook = Hook & {
  /** The policy that it evaluates. */
  readonly policy: Policy;
};

/**
 * Plugin that validates the access token of each request, before the body is read. A request
 * without a valid token is answered with 400, 401, 500 or 503 and reaches no handler. Handlers call
 * `getAuth(request)`.
 *
 * It applies to the context in which it is registered and to all child contexts, also to routes
 * that were registered before. `config: { auth: { public: true } }` exempts a route.
 *
 * An `onRequest` hook that was registered earlier runs earlier. The responses that it sends need NO
 * token: register `auth` before `@fastify/middie` and `@fastify/express`. Scopes are NOT checked;
 * use {@link requireScope} or {@link requirePolicy} for that.
 *
 * @throws {ConfigurationError} for a wrong option
 * @see RFC 6750 section 2.1
 * @example
 * import { auth, getAuth } from '@resource-server/fastify';
 * import Fastify from 'fastify';
 *
 * const app = Fastify();
 * await app.register(auth, {
 *   issuer: 'https://login.example.com',
 *   audience: 'https://api.example.com',
 * });
 * app.get('/me', async (request) => ({ subject: getAuth(request).subject }));
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
 * Creates a guard for `onRequest`: the token must have all of these scopes. Other requests get 403
 * with the scopes in the challenge. It needs the plugin `auth`; without, every request gets 500.
 *
 * @param names `('a', 'b')`, `(['a', 'b'])` and `('a b')` mean the same
 * @throws {ConfigurationError} for an empty list, and for a name that is not a scope
 * @see RFC 6750 section 3.1
 * @example
 * import { auth, requireScope } from '@resource-server/fastify';
 * import Fastify from 'fastify';
 *
 * const app = Fastify();
 * await app.register(auth, {
 *   issuer: 'https://login.example.com',
 *   audience: 'https://api.example.com',
 * });
 * app.get('/reports', { onRequest: requireScope('read') }, async () => []);
 */
export function requireScope(...names: ScopeNames): GuardHook {
  return requirePolicy(scope(...names));
}

/**
 * Creates a guard for `onRequest`: the token must have at least one of these scopes. Other requests
 * get 403.
 *
 * @throws {ConfigurationError} for an empty list, and for a name that is not a scope
 * @see RFC 6750 section 3.1
 * @example
 * import { auth, requireAnyScope } from '@resource-server/fastify';
 * import Fastify from 'fastify';
 *
 * const app = Fastify();
 * await app.register(auth, {
 *   issuer: 'https://login.example.com',
 *   audience: 'https://api.example.com',
 * });
 * app.get('/reports', { onRequest: requireAnyScope('read', 'admin') }, async () => []);
 */
export function requireAnyScope(...names: ScopeNames): GuardHook {
  return requirePolicy(anyScope(...names));
}

/**
 * Creates a guard for `onRequest`: the request must satisfy `policy`. Other requests get 403.
 *
 * @param policy from `scope`, `anyScope`, `claim`, `where`, `allOf` or `anyOf` of
 *   `@resource-server/core`
 * @throws {ConfigurationError} for a value that is not a policy
 * @example
 * import { allOf, claim, scope } from '@resource-server/core';
 * import { auth, requirePolicy } from '@resource-server/fastify';
 * import Fastify from 'fastify';
 *
 * const app = Fastify();
 * await app.register(auth, {
 *   issuer: 'https://login.example.com',
 *   audience: 'https://api.example.com',
 * });
 * const onRequest = requirePolicy(allOf(scope('admin'), claim('department', 'hr')));
 * app.delete('/reports', { onRequest }, async (_request, reply) => reply.code(204).send());
 */
export function requirePolicy(policy: Policy): GuardHook {
  return Object.assign(hook(authenticator.guard(policy)), { policy });
}

/**
 * Returns the validated token of a request. It reads the result of `auth`; it does NOT validate
 * again.
 *
 * @throws {TypeError} for an anonymous request (unless `{ optional: true }`), for a request that
 *   `auth` has not accepted (public routes included), and when another server than `from` has
 *   checked it
 * @example
 * import { createResourceServer } from '@resource-server/core';
 * import { auth, getAuth } from '@resource-server/fastify';
 * import Fastify from 'fastify';
 *
 * const server = createResourceServer({
 *   issuer: 'https://login.example.com',
 *   audience: 'https://api.example.com',
 * });
 * const app = Fastify();
 * await app.register(auth, { server, credentials: 'optional' });
 * app.get('/feed', async (request) => {
 *   return { reader: getAuth(request, { from: server, optional: true })?.subject ?? 'anonymous' };
 * });
 */
export const getAuth: GetAuth<Pick<FastifyRequestLike, 'raw'>> = ((
  request: Pick<FastifyRequestLike, 'raw'>,
  options?: object,
) => authenticator.getAuth(request.raw, options)) as GetAuth<Pick<FastifyRequestLike, 'raw'>>;

const responseMethods: ResponseMethods<FastifyArguments> = {
  isOver: (_request, { raw }) => isOver(raw),
  setHeaders: (headers, _request, reply) => setHeaders(reply, headers),
  respond: ({ status, headers, body }, { raw }, reply) => {
    // A guard as an onSend hook would refuse its own response, and the response to that, without
    // end.
    if (refused.has(raw)) throw new TypeError('a guard was used as an onSend hook; use it as an onRequest hook');
    refused.add(raw);
    for (const name of headersOfOtherAnswers) if (reply.hasHeader(name)) reply.removeHeader(name);
    setHeaders(reply.code(status), headers);
    // A Buffer, because Fastify adds a charset to the Content-Type of a string.
    reply.send(Buffer.from(body));
  },
};

function hook(check: RequestCheck<FastifyArguments, FastifyRequestLike>): Hook {
  return (request, reply, done) => {
    const outcome = applyVerdict(() => check(request), responseMethods, request, reply);
    // Fastify needs either a promise or a call of `done`, never both. Some kinds of hooks have
    // another third argument than `done`.
    if (outcome !== 'admitted' || typeof done !== 'function') return conclude(outcome, reply);
    done();
    return undefined;
  };
}

async function conclude(result: MaybePromise<Outcome>, reply: FastifyReplyLike): Promise<void> {
  const outcome = await result;
  if (outcome instanceof Error) throw outcome;
  if (outcome !== 'admitted') await finish(reply);
}

/** Requests for which a refusal was sent. */
const refused = new WeakSet<object>();

function setHeaders(reply: FastifyReplyLike, headers: readonly Header[]): void {
  for (const [name, value] of Object.entries(headersByName(headers))) reply.header(name, value);
}

/**
 * Ends the request. When a hook resolves before the reply is sent, Fastify would run the handler.
 */
async function finish(reply: FastifyReplyLike): Promise<void> {
  // An `onDenied` function may send the response later. After the client has closed the connection,
  // the reply never settles.
  if (!reply.sent && !isOver(reply.raw)) await reply;
  if (!reply.sent) reply.hijack();
}
