import { auth, requireScope } from '@resource-server/fastify';
import Fastify from 'fastify';
import { algorithms, type World } from '../world.js';
import type { App } from './app.js';
import { listenFastify } from './listen-fastify.js';

const configure = ({ issuer, audience }: World) => ({ issuer, audience });

export const fastifyOurs: App = {
  name: '@resource-server/fastify',
  framework: 'fastify',
  packages: ['@resource-server/fastify', '@resource-server/core', 'fastify'],
  readme: "register(auth, options) and requireScope('read'), README",
  algorithms,
  configuration: configure,
  async start(world) {
    const app = Fastify();
    await app.register(auth, configure(world));
    app.get('/reports', { onRequest: requireScope('read') }, async () => ({ ok: true }));
    return listenFastify(app);
  },
};
