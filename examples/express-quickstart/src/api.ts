import type { ResourceServer } from '@resource-server/core';
import { auth, getAuth, requireScope } from '@resource-server/express';
import express, { type Express } from 'express';

/** The API of the demo: the code that an application writes to protect its routes. */
export function createApi(server: ResourceServer): Express {
  const app = express();

  // Anonymous requests are accepted, and a valid token personalises the feed. A bad token is
  // refused.
  app.get('/feed', auth(server, { credentials: 'optional' }), (req, res) => {
    const reader = getAuth(req, { optional: true });
    res.json({ feed: 'public', reader: reader?.subject ?? 'anonymous' });
  });

  app.use(auth(server));
  app.get('/reports', requireScope('read'), (req, res) => {
    res.json({ reports: ['q3.pdf'], reader: getAuth(req).subject });
  });
  app.post('/reports', requireScope('read', 'write'), (req, res) => {
    res.status(201).json({ created: 'q4.pdf', author: getAuth(req).subject });
  });
  return app;
}
