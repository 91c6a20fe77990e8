import { once } from 'node:events';
import { createServer, type RequestListener } from 'node:http';
import type { AddressInfo } from 'node:net';
import type { ResourceServer } from '@resource-server/core';
import * as forExpress from '@resource-server/express';
import * as forFastify from '@resource-server/fastify';
import * as forKoa from '@resource-server/koa';
import express5, { type RequestHandler } from 'express';
import express4 from 'express4';
import Fastify from 'fastify';
import Koa3, { type Middleware } from 'koa';
// @ts-expect-error Koa 2 has no types under this name; its use here is Koa 3's
import Koa2 from 'koa2';

/**
 * An application in one framework that responds 200 with the subject. `/any` needs a token, `/read`
 * the scope `read`, `/optional` no token. `/named` needs no token either, but its handler does not
 * accept anonymous requests. `/delegate` passes refusals to the framework. `auth()` is called
 * without options for `/any` and `/read`.
 */
export interface SmallApplication {
  readonly name: string;
  readonly port: number;
  close(): Promise<void>;
}

/** Starts the application in every framework. */
export function startSmallApplications(server: ResourceServer): Promise<SmallApplication[]> {
  return Promise.all([
    listening('Express 4', expressApplication(express4 as unknown as typeof express5, server)),
    listening('Express 5', expressApplication(express5, server)),
    listening('Koa 2', koaApplication(Koa2 as typeof Koa3, server)),
    listening('Koa 3', koaApplication(Koa3, server)),
    fastifyApplication(server),
  ]);
}

async function listening(name: string, listener: RequestListener): Promise<SmallApplication> {
  const http = createServer(listener).listen(0, '127.0.0.1');
  await once(http, 'listening');
  return {
    name,
    port: (http.address() as AddressInfo).port,
    async close() {
      http.closeAllConnections();
      http.close();
      await once(http, 'close');
    },
  };
}

function expressApplication(express: typeof express5, server: ResourceServer): RequestListener {
  const app = express();
  const { auth, getAuth, requireScope } = forExpress;
  const show: RequestHandler = (req, res) => {
    res.send(String(getAuth(req, { optional: true })?.subject));
  };
  app.use(express.urlencoded({ extended: false }));
  app.all('/any', auth(server) as RequestHandler, show);
  app.all('/read', auth(server) as RequestHandler, requireScope('read') as RequestHandler, show);
  app.all('/optional', auth(server, { credentials: 'optional' }) as RequestHandler, show);
  app.all('/named', auth(server, { credentials: 'optional' }) as RequestHandler, (req, res) => {
    res.send(String(getAuth(req)?.subject));
  });
  app.all('/delegate', auth(server, { onDenied: 'delegate' }) as RequestHandler, show);
  app.use(((error, _req, res, _next) => {
    const { status = 500, headers = {} } = error;
    res.status(status).set(headers).end();
  }) as express5.ErrorRequestHandler);
  return app;
}

function koaApplication(Koa: typeof Koa3, server: ResourceServer): RequestListener {
  const app = new Koa();
  app.silent = true;
  const { auth, getAuth, requireScope } = forKoa;
  const show: Middleware = (ctx) => {
    ctx.body = String(getAuth(ctx, { optional: true })?.subject);
  };
  const at = (path: string, ...middlewares: unknown[]) => {
    app.use((ctx, next) => (ctx.path === path ? run(middlewares as Middleware[], ctx, next) : next()));
  };
  at('/any', auth(server), show);
  at('/read', auth(server), requireScope('read'), show);
  at('/optional', auth(server, { credentials: 'optional' }), show);
  at('/named', auth(server, { credentials: 'optional' }), (ctx: Koa3.Context) => {
    ctx.body = String(getAuth(ctx)?.subject);
  });
  at('/delegate', auth(server, { onDenied: 'delegate' }), show);
  return app.callback();
}

function run(middlewares: readonly Middleware[], ctx: Parameters<Middleware>[0], next: Koa3.Next): Promise<unknown> {
  const [first, ...others] = middlewares;
  return first === undefined ? next() : Promise.resolve(first(ctx, () => run(others, ctx, next)));
}

async function fastifyApplication(server: ResourceServer): Promise<SmallApplication> {
  const app = Fastify();
  const { auth, getAuth, requireScope } = forFastify;
  const show = async (request: Parameters<typeof getAuth>[0]) => String(getAuth(request, { optional: true })?.subject);
  await app.register(async (api) => {
    await api.register(auth, server as never);
    api.all('/any', show);
    api.all('/empty-config', { config: { auth: {} } as never }, show);
    api.all('/read', { onRequest: requireScope('read') as never }, show);
  });
  await app.register(async (api) => {
    await api.register(auth, { server, credentials: 'optional' } as never);
    api.all('/optional', show);
    api.all('/named', async (request) => String(getAuth(request)?.subject));
  });
  await app.register(async (api) => {
    await api.register(auth, { server, onDenied: 'delegate' } as never);
    api.all('/delegate', show);
  });
  await app.listen({ port: 0, host: '127.0.0.1' });
  const { port } = app.server.address() as AddressInfo;
  return { name: 'Fastify 5', port, close: () => app.close() };
}
