import Fastify from 'fastify';
import { algorithms } from '../world.js';
import type { App } from './app.js';
import { listenFastify } from './listen-fastify.js';

export const fastifyBare: App = {
  name: 'fastify',
  framework: 'fastify',
  packages: ['fastify'],
  readme: 'no guard',
  algorithms,
  isBare: true,
  isUnguarded: true,
  configuration: () => ({}),
  start() {
    const app = Fastify();
    app.get('/reports', async () => ({ ok: true }));
    return listenFastify(app);
  },
};
