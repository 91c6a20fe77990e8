import { auth, type ResourceServerOptions, requireScope } from '@resource-server/express';
import express, { type Express } from 'express';

/** The API that the mistakes are made with. */
export function createApi(options: ResourceServerOptions): Express {
  const app = express();
  app.use(auth(options));
  app.get('/reports', requireScope('read'), (_req, res) => {
    res.json({ reports: ['q3.pdf'] });
  });
  app.post('/reports', requireScope('write'), (_req, res) => {
    res.sendStatus(201);
  });
  return app;
}
