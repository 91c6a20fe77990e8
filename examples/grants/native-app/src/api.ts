import Router from '@koa/router';
import { auth, getAuth, type ResourceServerOptions, requireScope } from '@resource-server/koa';
import Koa from 'koa';

/** The API: the notes of the user. */
export function createApi(options: ResourceServerOptions): Koa {
  const router = new Router();
  router.use(auth(options));
  router.get('/notes', requireScope('notes'), (ctx) => {
    ctx.body = { notes: ['buy milk'], of: getAuth(ctx).subject };
  });
  const app = new Koa();
  app.use(router.routes());
  return app;
}
