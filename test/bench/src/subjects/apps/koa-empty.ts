import Koa from 'koa';
import { algorithms } from '../world.js';
import { type App, listen } from './app.js';

export const koaEmpty: App = {
  name: 'koa + two empty functions',
  framework: 'koa',
  packages: ['koa'],
  readme: 'no guard; two functions that only call next(): the cost of any middleware',
  algorithms,
  isUnguarded: true,
  configuration: () => ({}),
  start() {
    const app = new Koa();
    app.use((_ctx, next) => next());
    app.use((_ctx, next) => next());
    app.use((ctx) => {
      ctx.body = { ok: true };
    });
    return listen(app.callback());
  },
};
