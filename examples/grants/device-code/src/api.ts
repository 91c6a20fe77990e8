import { auth, getAuth, type ResourceServerOptions, requireScope } from '@resource-server/express';
import express, { type Express } from 'express';

/** The API: deploys on behalf of the user who has authorised the command line tool. */
export function createApi(options: ResourceServerOptions): Express {
  const app = express();
  app.use(auth(options));
  app.post('/deployments', requireScope('deploy'), (req, res) => {
    res.status(201).json({ deployed: true, by: getAuth(req).subject });
  });
  return app;
}
