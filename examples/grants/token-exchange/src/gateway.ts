import Router from '@koa/router';
import { auth, getAuth, type ResourceServerOptions, requireScope } from '@resource-server/koa';
import Koa from 'koa';
import type { TokenTrade } from './token-trade.js';

/** The API behind the gateway: where it is, and who it is in tokens. */
export interface Downstream {
  readonly url: string;
  readonly resource: string;
}

/** The gateway: an API itself, which calls another one for whoever called it. */
export function createGateway(options: ResourceServerOptions, trade: TokenTrade, stock: Downstream): Koa {
  const router = new Router();
  router.use(auth(options));
  router.get('/orders', requireScope('orders'), async (ctx) => {
    // The token that came is for us: the next API would refuse it, and should not learn it.
    const { token } = getAuth(ctx);
    const target = { resource: stock.resource, scope: 'stock:read' };
    // What the issuer refuses us is our trouble: its status says nothing of the request that came to us.
    const traded = await trade
      .tradeDown(token, target)
      .catch((cause) => ctx.throw(502, 'no token for the stock', { cause }));
    const answer = await fetch(`${stock.url}/stock`, { headers: { authorization: `Bearer ${traded}` } });
    if (!answer.ok) ctx.throw(502, `the stock answers ${answer.status}`);
    ctx.body = { orders: ['4711'], stock: await answer.json() };
  });
  const app = new Koa();
  app.use(router.routes());
  return app;
}
