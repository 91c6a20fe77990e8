import Router from '@koa/router';
import { auth, getAuth, type ResourceServerOptions, requireScope } from '@resource-server/koa';
import Koa from 'koa';
import type { TokenTrade } from './token-trade.js';

/** The API behind the gateway: its address, and its audience in tokens. */
export interface Downstream {
  readonly url: string;
  readonly resource: string;
}

/** The gateway: an API that calls another API on behalf of its caller. */
export function createGateway(options: ResourceServerOptions, trade: TokenTrade, stock: Downstream): Koa {
  const router = new Router();
  router.use(auth(options));
  router.get('/orders', requireScope('orders'), async (ctx) => {
    // This token is for the gateway: the next API would refuse it, and must not receive it.
    const { token } = getAuth(ctx);
    const target = { resource: stock.resource, scope: 'stock:read' };
    // A failed exchange is an error of the gateway: its status must not look like a refused
    // request.
    const traded = await trade
      .tradeDown(token, target)
      .catch((cause) => ctx.throw(502, 'no token for the stock', { cause }));
    const answer = await fetch(`${stock.url}/stock`, { headers: { authorization: `Bearer ${traded}` } });
    if (!answer.ok) ctx.throw(502, `the stock API responded with ${answer.status}`);
    ctx.body = { orders: ['4711'], stock: await answer.json() };
  });
  const app = new Koa();
  app.use(router.routes());
  return app;
}
