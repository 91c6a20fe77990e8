import Koa from 'koa';
import { algorithms } from '../world.js';
import { type App, listen } from './app.js';

export const koaEmpty: App = {
  name: 'koa + two empty functions',
  framework: 'koa',
  packages: ['koa'],
  readme: 'no guard; functions that hand on, where ours stand: what being there costs',
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
