import { auth, getAuth, type ResourceServerOptions, requireScope } from '@resource-server/fastify';
import Fastify, { type FastifyInstance } from 'fastify';

/** The API of a bank: a token pays what its authorization_details contain (RFC 9396). */
export async function createApi(options: ResourceServerOptions): Promise<FastifyInstance> {
  const app = Fastify();
  await app.register(auth, options);
  app.post('/payments', { onRequest: requireScope('payments') }, async (request, reply) => {
    const { claims, subject } = getAuth(request);
    return reply.code(201).send({ paid: claims['authorization_details'], by: subject });
  });
  await app.ready();
  return app;
}
