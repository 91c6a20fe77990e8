import { auth, getAuth, type ResourceServerOptions, requireScope } from '@resource-server/fastify';
import Fastify, { type FastifyInstance } from 'fastify';

/** The API behind the gateway. */
export async function createStock(options: ResourceServerOptions): Promise<FastifyInstance> {
  const app = Fastify();
  await app.register(auth, options);
  app.get('/stock', { onRequest: requireScope('stock:read') }, async (request) => {
    const { subject, clientId, claims } = getAuth(request);
    return { pears: 3, for: subject, by: clientId, act: claims['act'] };
  });
  app.post('/stock', { onRequest: requireScope('stock:write') }, async (_request, reply) => reply.code(204).send());
  await app.ready();
  return app;
}
