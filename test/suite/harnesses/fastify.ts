import type { AddressInfo } from 'node:net';
import { createResourceServer, type ResourceServer } from '@resource-server/core';
import {
  auth,
  type FastifyReplyLike,
  getAuth,
  requireAnyScope,
  requirePolicy,
  requireScope,
} from '@resource-server/fastify';
import Fastify, { type FastifyInstance, type onRequestHookHandler } from 'fastify';
import { type Denied, foreignHeaders, type Harness, headersInFront, onDenied, type Running, seen } from '../harness.js';
import { sendOverHttp2 } from '../http2-wire.js';
import { type Guard, type Route, routes } from '../routes.js';
import { sendOverSocket } from '../wire.js';

/** Fastify 5 over HTTP/1.1. */
export const fastifyHarness: Harness = {
  name: 'Fastify 5',
  usesSockets: true,
  repeatsHeaders: true,
  parsesForms: false,
  start: (options, denied) => run(Fastify(), createResourceServer(options), sendOverSocket, denied),
};

/** Fastify 5 over HTTP/2. */
export const fastifyHttp2Harness: Harness = {
  name: 'Fastify 5 over HTTP/2',
  usesSockets: false,
  // Node's client refuses to repeat the field; http2-frames.test.ts writes the frames itself.
  repeatsHeaders: false,
  parsesForms: false,
  start: (options, denied) =>
    run(Fastify({ http2: true }) as unknown as FastifyInstance, createResourceServer(options), sendOverHttp2, denied),
};

async function run(
  app: FastifyInstance,
  server: ResourceServer,
  send: typeof sendOverSocket,
  denied: Denied = 'respond',
): Promise<Running & { readonly port: number }> {
  let handled = 0;
  // Another package also sets request.auth: our adapter must ignore it.
  app.addHook('onRequest', async (request, reply) => {
    if (headersInFront in request.headers) reply.headers(foreignHeaders);
    Object.assign(request, { auth: { subject: 'mallory', scopes: ['read', 'write'], hasScope: () => true } });
  });
  for (const route of routes) {
    await app.register(async (context) => {
      await addRoute(context, route, { server, denied }, () => {
        handled += 1;
      });
    });
  }
  await app.listen({ port: 0, host: '127.0.0.1' });
  const { port } = app.server.address() as AddressInfo;
  return {
    port,
    handled: () => handled,
    send: (request) => send(port, request),
    async close() {
      await app.close();
      await server.close();
    },
  };
}

/** Each route in its own context with its own `auth`. */
async function addRoute(
  context: FastifyInstance,
  { method, path, gate, guard }: Route,
  { server, denied }: { readonly server: ResourceServer; readonly denied: Denied },
  handle: () => void,
): Promise<void> {
  if (gate !== 'none') await context.register(auth, { server, credentials: gate, onDenied: onDenied(denied, answer) });
  context.route({
    method: method === 'GET' ? ['GET', 'HEAD'] : method,
    url: path,
    ...(guard !== undefined && { onRequest: guardOf(guard) }),
    handler: async (request) => {
      handle();
      return seen(getAuth(request, { optional: true }));
    },
  });
}

function answer(status: number, text: string, _request: unknown, reply: FastifyReplyLike): void {
  reply.code(status).send(text);
}

function guardOf(guard: Guard): onRequestHookHandler {
  if ('requireScope' in guard) return requireScope(...guard.requireScope);
  return 'requireAnyScope' in guard ? requireAnyScope(...guard.requireAnyScope) : requirePolicy(guard.requirePolicy);
}
