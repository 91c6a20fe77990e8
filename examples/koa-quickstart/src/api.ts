import Router from '@koa/router';
import type { ResourceServer } from '@resource-server/core';
import { auth, getAuth, requireScope } from '@resource-server/koa';
import Koa from 'koa';

/** The API of the demo: the code that an application writes to protect its routes. */
export function createApi(server: ResourceServer): Koa {
  const router = new Router();

  // Anonymous requests are accepted, and a valid token personalises the feed. A bad token is
  // refused.
  router.get('/feed', auth(server, { credentials: 'optional' }), (ctx) => {
    const reader = getAuth(ctx, { optional: true });
    ctx.body = { feed: 'public', reader: reader?.subject ?? 'anonymous' };
  });

  router.use(auth(server));
  router.get('/reports', requireScope('read'), (ctx) => {
    ctx.body = { reports: ['q3.pdf'], reader: getAuth(ctx).subject };
  });
  router.post('/reports', requireScope('read', 'write'), (ctx) => {
    ctx.status = 201;
    ctx.body = { created: 'q4.pdf', author: getAuth(ctx).subject };
  });
  const app = new Koa();
  app.use(router.routes());
  return app;
}
