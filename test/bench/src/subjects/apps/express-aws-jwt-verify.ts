import { JwtVerifier } from 'aws-jwt-verify';
import { SimpleJwksCache } from 'aws-jwt-verify/jwk';
import express from 'express';
import { LoopbackFetcher } from '../loopback-fetcher.js';
import type { World } from '../world.js';
import { type App, listen } from './app.js';

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
    app.use(async (req, res, next) => {
      try {
        const [scheme, token = ''] = (req.headers.authorization ?? '').split(' ');
        if (scheme !== 'Bearer') throw new Error('no bearer token');
        res.locals['claims'] = await verifier.verify(token);
      } catch {
        res.status(401).json({ error: 'invalid_token' });
        return;
      }
      next();
    });
    app.get('/reports', (_req, res) => void res.json({ ok: true }));
    return listen(app);
  },
};
