import type { FastifyInstance } from 'fastify';

export async function listenFastify(app: FastifyInstance): Promise<number> {
  const address = await app.listen({ port: 0, host: '127.0.0.1' });
  // Connections must outlive the rounds in which others are measured.
  app.server.keepAliveTimeout = 0;
  return Number(new URL(address).port);
}
