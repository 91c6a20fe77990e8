import { JwtVerifier } from 'aws-jwt-verify';
import { SimpleJwksCache } from 'aws-jwt-verify/jwk';
import express from 'express';
import { LoopbackFetcher } from '../loopback-fetcher.js';
import type { World } from '../world.js';
import { type App, listen } from './app.js';
import { guardByHand } from './by-hand.js';

const configure = ({ issuer, audience, jwksUri }: World) => ({ issuer, audience, jwksUri });

export const expressAwsJwtVerify: App = {
  name: 'express + aws-jwt-verify by hand',
  framework: 'express',
  packages: ['aws-jwt-verify', 'express'],
  readme:
    'ten lines around JwtVerifier.create(options).verify(token), README, Express; hydrated; a fetcher that does http',
  algorithms: ['RS256', 'ES256', 'EdDSA'],
  configuration: configure,
  async start(world) {
    const jwksCache = new SimpleJwksCache({ fetcher: new LoopbackFetcher() });
    const verifier = JwtVerifier.create(configure(world), { jwksCache });
    await verifier.hydrate();
    const app = express();
    app.use(guardByHand((token) => verifier.verify(token)));
    app.get('/reports', (_req, res) => void res.json({ ok: true }));
    return listen(app);
  },
};
