import express from 'express';
import { algorithms } from '../world.js';
import { type App, listen } from './app.js';

export const expressBare: App = {
  name: 'express',
  framework: 'express',
  packages: ['express'],
  readme: 'no guard',
  algorithms,
  isBare: true,
  isUnguarded: true,
  configuration: () => ({}),
  start() {
    const app = express();
    app.get('/reports', (_req, res) => void res.json({ ok: true }));
    return listen(app);
  },
};
