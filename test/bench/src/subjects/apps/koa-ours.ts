import { auth, requireScope } from '@resource-server/koa';
import Koa from 'koa';
import { algorithms, type World } from '../world.js';
import { type App, listen } from './app.js';

const configure = ({ issuer, audience }: World) => ({ issuer, audience });

export const koaOurs: App = {
  name: '@resource-server/koa',
  framework: 'koa',
  packages: ['@resource-server/koa', '@resource-server/core', 'koa'],
  readme: "auth(options) and requireScope('read'), README",
  algorithms,
  configuration: configure,
  start(world) {
    const app = new Koa();
    app.use(auth(configure(world)));
    app.use(requireScope('read'));
    app.use((ctx) => {
      ctx.body = { ok: true };
    });
    return listen(app.callback());
  },
};
