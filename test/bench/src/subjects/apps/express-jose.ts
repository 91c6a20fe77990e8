import express from 'express';
import { createRemoteJWKSet, jwtVerify } from 'jose';
import { algorithms, type World } from '../world.js';
import { type App, listen } from './app.js';

const configure = ({ issuer, audience }: World) => ({ issuer, audience });

export const expressJose: App = {
  name: 'express + jose by hand',
  framework: 'express',
  packages: ['jose', 'express'],
  readme: 'ten lines around jwtVerify(token, createRemoteJWKSet(jwksUri), options)',
  algorithms,
  configuration: configure,
  start(world) {
    const keys = createRemoteJWKSet(new URL(world.jwksUri));
    const options = configure(world);
    const app = express();
    app.use(async (req, res, next) => {
      try {
        const [scheme, token = ''] = (req.headers.authorization ?? '').split(' ');
        if (scheme !== 'Bearer') throw new Error('no bearer token');
        res.locals['claims'] = (await jwtVerify(token, keys, options)).payload;
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
