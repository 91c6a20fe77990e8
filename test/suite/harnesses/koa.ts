import { bodyParser } from '@koa/bodyparser';
import Router, { type RouterMiddleware } from '@koa/router';
import { createResourceServer, type ResourceServer } from '@resource-server/core';
import { auth, getAuth, requireAnyScope, requirePolicy, requireScope } from '@resource-server/koa';
import Koa3, { type Context, type Middleware } from 'koa';
// @ts-expect-error Koa 2 has no types under this name; its use here is Koa 3's
import Koa2 from 'koa2';
import { type Denied, foreignHeaders, type Harness, headersInFront, onDenied, seen } from '../harness.js';
import { type Guard, type Route, routes } from '../routes.js';
import { listen } from './listen.js';

/** Koa 2 with its own middleware alone. */
export const koa2Harness: Harness = koaHarness('Koa 2', () => new (Koa2 as typeof Koa3)(), useByPath);

/** Koa 3 with @koa/router. */
export const koa3Harness: Harness = koaHarness('Koa 3', () => new Koa3(), useRouter);

type Mount = (app: Koa3, route: Route, middlewares: Middleware[]) => void;

function koaHarness(name: string, create: () => Koa3, mount: Mount): Harness {
  return {
    name,
    usesSockets: true,
    repeatsHeaders: true,
    parsesForms: true,
    async start(options, denied = 'respond') {
      const server = createResourceServer(options);
      let handled = 0;
      const app = application(create(), mount, server, denied, () => {
        handled += 1;
      });
      return listen(app.callback(), () => handled, server);
    },
  };
}

function application(app: Koa3, mount: Mount, server: ResourceServer, denied: Denied, handle: () => void): Koa3 {
  // Koa would print the errors of failed requests.
  app.silent = true;
  // Another package also sets ctx.state.auth: our adapter must ignore it.
  app.use((ctx, next) => {
    if (headersInFront in ctx.headers) ctx.set(foreignHeaders);
    Object.assign(ctx.state, { auth: { subject: 'mallory', scopes: ['read', 'write'], hasScope: () => true } });
    return next();
  });
  for (const route of routes) {
    const { gate, guard, parsesForm } = route;
    mount(app, route, [
      ...(parsesForm ? [bodyParser() as Middleware] : []),
      ...(gate === 'none'
        ? []
        : [auth(server, { credentials: gate, onDenied: onDenied(denied, answer) }) as Middleware]),
      ...(guard === undefined ? [] : [guardOf(guard)]),
      (ctx) => {
        handle();
        ctx.body = seen(getAuth(ctx, { optional: true }));
      },
    ]);
  }
  return app;
}

function useByPath(app: Koa3, { method, path }: Route, middlewares: Middleware[]): void {
  for (const middleware of middlewares) {
    app.use((ctx, next) => {
      const matches = ctx.path === path && [method, 'HEAD'].includes(ctx.method);
      return matches ? middleware(ctx, next) : next();
    });
  }
}

function useRouter(app: Koa3, { method, path }: Route, middlewares: Middleware[]): void {
  const router = new Router();
  router[method === 'GET' ? 'get' : 'post'](path, ...(middlewares as RouterMiddleware[]));
  app.use(router.routes());
}

function answer(status: number, text: string, ctx: Pick<Context, 'status' | 'body'>): void {
  ctx.status = status;
  ctx.body = text;
}

function guardOf(guard: Guard): Middleware {
  if ('requireScope' in guard) return requireScope(...guard.requireScope);
  return 'requireAnyScope' in guard ? requireAnyScope(...guard.requireAnyScope) : requirePolicy(guard.requirePolicy);
}
