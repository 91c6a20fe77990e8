import express from 'express';
import { createRemoteJWKSet, jwtVerify } from 'jose';
import { algorithms, type World } from '../world.js';
import { type App, listen } from './app.js';
import { guardByHand } from './by-hand.js';

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
    app.use(guardByHand(async (token) => (await jwtVerify(token, keys, options)).payload));
    app.get('/reports', (_req, res) => void res.json({ ok: true }));
    return listen(app);
  },
};
