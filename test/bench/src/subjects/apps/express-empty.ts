import express from 'express';
import { algorithms } from '../world.js';
import { type App, listen } from './app.js';

export const expressEmpty: App = {
  name: 'express + two empty functions',
  framework: 'express',
  packages: ['express'],
  readme: 'no guard; two functions that only call next(): the cost of any middleware',
  algorithms,
  isUnguarded: true,
  configuration: () => ({}),
  start() {
    const app = express();
    app.use((_req, _res, next) => next());
    app.get(
      '/reports',
      (_req, _res, next) => next(),
      (_req, res) => void res.json({ ok: true }),
    );
    return listen(app);
  },
};
