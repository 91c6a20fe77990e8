import { auth, getAuth, type ResourceServerOptions, requireScope } from '@resource-server/express';
import express, { type Express } from 'express';

/** The API: deploys what the command line tells it to, in the name of whoever let that in. */
export function createApi(options: ResourceServerOptions): Express {
  const app = express();
  app.use(auth(options));
  app.post('/deployments', requireScope('deploy'), (req, res) => {
    res.status(201).json({ deployed: true, by: getAuth(req).subject });
  });
  return app;
}
