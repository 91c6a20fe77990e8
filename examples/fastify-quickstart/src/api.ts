import type { ResourceServer } from '@resource-server/core';
import { auth, getAuth, requireScope } from '@resource-server/fastify';
import Fastify, { type FastifyInstance } from 'fastify';

/** The API of the demo: the code that an application writes to protect its routes. */
export async function createApi(server: ResourceServer): Promise<FastifyInstance> {
  const app = Fastify();

  // Anonymous requests are accepted, and a valid token personalises the feed. A bad token is
  // refused.
  app.register(async (open) => {
    await open.register(auth, { server, credentials: 'optional' });
    open.get('/feed', async (request) => {
      const reader = getAuth(request, { optional: true });
      return { feed: 'public', reader: reader?.subject ?? 'anonymous' };
    });
  });

  app.register(async (guarded) => {
    await guarded.register(auth, server);
    guarded.get('/reports', { onRequest: requireScope('read') }, async (request) => {
      return { reports: ['q3.pdf'], reader: getAuth(request).subject };
    });
    guarded.post('/reports', { onRequest: requireScope('read', 'write') }, async (request, reply) => {
      return reply.code(201).send({ created: 'q4.pdf', author: getAuth(request).subject });
    });
  });
  return app;
}
