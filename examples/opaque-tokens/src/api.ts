import { auth, getAuth, requireScope } from '@resource-server/express';
import express, { type Express } from 'express';

/** The credentials of the API at the issuer, and its audience in tokens. */
export interface Registration {
  readonly issuer: string;
  readonly clientId: string;
  readonly clientSecret: string;
  readonly audience: string;
}

/** The API of this example: the code that an application writes to accept opaque tokens. */
export function createApi({ issuer, clientId, clientSecret, audience }: Registration): Express {
  const app = express();
  const clientAuthentication = { method: 'client_secret_basic', clientId, clientSecret } as const;
  app.use(auth({ issuer: { issuer, introspection: { clientAuthentication } }, audience }));
  app.get('/reports', requireScope('read'), (req, res) => {
    res.json({ reports: ['q3.pdf'], reader: getAuth(req).subject });
  });
  return app;
}
