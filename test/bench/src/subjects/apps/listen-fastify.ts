import type { FastifyInstance } from 'fastify';

export async function listenFastify(app: FastifyInstance): Promise<number> {
  const address = await app.listen({ port: 0, host: '127.0.0.1' });
  // Connections must not time out while other APIs are measured.
  app.server.keepAliveTimeout = 0;
  return Number(new URL(address).port);
}
