import Router from '@koa/router';
import { auth, getAuth, type ResourceServerOptions, requireScope } from '@resource-server/koa';
import Koa from 'koa';

/** The API, used twice: its options select introspection of every token, or local verification. */
export function createApi(options: ResourceServerOptions): Koa {
  const router = new Router();
  router.use(auth(options));
  router.get('/mail', requireScope('mail'), (ctx) => {
    ctx.body = { mail: ['hello'], of: getAuth(ctx).subject };
  });
  const app = new Koa();
  app.use(router.routes());
  return app;
}
