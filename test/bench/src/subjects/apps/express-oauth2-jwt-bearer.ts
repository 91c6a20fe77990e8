import express from 'express';
import { auth } from 'express-oauth2-jwt-bearer';
import type { World } from '../world.js';
import { type App, listen } from './app.js';

const configure = ({ issuer, audience }: World) => ({ issuerBaseURL: issuer, audience });

export const expressOauth2JwtBearer: App = {
  name: 'express-oauth2-jwt-bearer',
  framework: 'express',
  packages: ['express-oauth2-jwt-bearer', 'express'],
  readme: 'auth(options), README, Library Initialization',
  algorithms: ['RS256', 'PS256', 'ES256', 'EdDSA'],
  configuration: configure,
  start(world) {
    const app = express();
    app.use(auth(configure(world)));
    app.get('/reports', (_req, res) => void res.json({ ok: true }));
    return listen(app);
  },
};
