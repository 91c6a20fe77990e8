import Koa from 'koa';
import { algorithms } from '../world.js';
import { type App, listen } from './app.js';

export const koaBare: App = {
  name: 'koa',
  framework: 'koa',
  packages: ['koa'],
  readme: 'no guard, no router',
  algorithms,
  isBare: true,
  isUnguarded: true,
  configuration: () => ({}),
  start() {
    const app = new Koa();
    app.use((ctx) => {
      ctx.body = { ok: true };
    });
    return listen(app.callback());
  },
};
