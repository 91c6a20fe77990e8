import fastifyJwt from '@fastify/jwt';
import Fastify from 'fastify';
import buildGetJwks from 'get-jwks';
import { algorithms, type World } from '../world.js';
import type { App } from './app.js';
import { listenFastify } from './listen-fastify.js';

/**
 * The options of `verify` are from the README of @fastify/jwt, `jwksPath` from that of get-jwks.
 */
const configure = ({ issuer, audience }: World) => ({
  getJwks: { issuersWhitelist: [issuer], jwksPath: '/jwks' },
  verify: { allowedIss: issuer, allowedAud: audience, cache: true },
});

export const fastifyJwtGetJwks: App = {
  name: '@fastify/jwt + get-jwks',
  framework: 'fastify',
  packages: ['@fastify/jwt', 'get-jwks', 'fastify'],
  readme: "register(fjwt, { secret: ... getJwks.getPublicKey ... }), get-jwks' README; with the token cache on",
  algorithms,
  configuration: configure,
  async start(world) {
    const options = configure(world);
    const getJwks = buildGetJwks(options.getJwks);
    const app = Fastify();
    await app.register(fastifyJwt, {
      decode: { complete: true },
      verify: options.verify,
      secret: (_request: unknown, token: unknown): Promise<string> => {
        const { header, payload } = token as { header: { kid: string; alg: string }; payload: { iss: string } };
        return getJwks.getPublicKey({ kid: header.kid, domain: payload.iss, alg: header.alg });
      },
    });
    app.addHook('onRequest', async (request) => {
      await request.jwtVerify();
    });
    app.get('/reports', async () => ({ ok: true }));
    return listenFastify(app);
  },
};
