import Fastify from 'fastify';
import { algorithms } from '../world.js';
import type { App } from './app.js';
import { listenFastify } from './listen-fastify.js';

export const fastifyEmpty: App = {
  name: 'fastify + two empty functions',
  framework: 'fastify',
  packages: ['fastify'],
  readme: 'no guard; two hooks that only call done(): the cost of any hook',
  algorithms,
  isUnguarded: true,
  configuration: () => ({}),
  start() {
    const app = Fastify();
    app.addHook('onRequest', (_request, _reply, done) => done());
    app.get('/reports', { onRequest: (_request, _reply, done) => done() }, async () => ({ ok: true }));
    return listenFastify(app);
  },
};
