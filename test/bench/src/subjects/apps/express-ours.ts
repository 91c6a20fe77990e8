import { auth, requireScope } from '@resource-server/express';
import express from 'express';
import { algorithms, type World } from '../world.js';
import { type App, listen } from './app.js';

const configure = ({ issuer, audience }: World) => ({ issuer, audience });

export const expressOurs: App = {
  name: '@resource-server/express',
  framework: 'express',
  packages: ['@resource-server/express', '@resource-server/core', 'express'],
  readme: "auth(options) and requireScope('read'), README, first example",
  algorithms,
  configuration: configure,
  start(world) {
    const app = express();
    app.use(auth(configure(world)));
    app.get('/reports', requireScope('read'), (_req, res) => void res.json({ ok: true }));
    return listen(app);
  },
};
