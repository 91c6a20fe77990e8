import { auth, getAuth, type ResourceServerOptions, requireScope } from '@resource-server/fastify';
import Fastify, { type FastifyInstance } from 'fastify';

/** The API behind the web app: a token with the scope gets the reports of its user. */
export async function createApi(options: ResourceServerOptions): Promise<FastifyInstance> {
  const app = Fastify();
  await app.register(auth, options);
  app.get('/reports', { onRequest: requireScope('reports:read') }, async (request) => {
    return { owner: getAuth(request).subject, reports: ['q3.pdf', 'q4.pdf'] };
  });
  await app.ready();
  return app;
}
