import { auth, getAuth, type ResourceServerOptions, requireScope } from '@resource-server/express';
import express, { type Express } from 'express';

/** The API: figures:read reads the figures, figures:write closes the month. */
export function createApi(options: ResourceServerOptions): Express {
  const app = express();
  app.use(auth(options));
  app.get('/figures', requireScope('figures:read'), (req, res) => {
    // There is no user: the subject of the token is the client.
    res.json({ figures: [3, 5], of: getAuth(req).subject });
  });
  app.post('/figures/close', requireScope('figures:write'), (_req, res) => {
    res.sendStatus(204);
  });
  return app;
}
