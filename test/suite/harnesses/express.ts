import type { IncomingMessage, RequestListener, ServerResponse } from 'node:http';
import { createResourceServer, type ResourceServer } from '@resource-server/core';
import { auth, getAuth, requireAnyScope, requirePolicy, requireScope } from '@resource-server/express';
import express5 from 'express';
import express4 from 'express4';
import { type Denied, foreignHeaders, type Harness, headersInFront, onDenied, seen } from '../harness.js';
import { type Guard, routes } from '../routes.js';
import { listen } from './listen.js';

export const express4Harness: Harness = expressHarness('Express 4', express4 as unknown as typeof express5);
export const express5Harness: Harness = expressHarness('Express 5', express5);

function expressHarness(name: string, express: typeof express5): Harness {
  return {
    name,
    usesSockets: true,
    repeatsHeaders: true,
    parsesForms: true,
    async start(options, denied = 'respond') {
      const server = createResourceServer(options);
      let handled = 0;
      const app = application(express, server, denied, () => {
        handled += 1;
      });
      return listen(app as RequestListener, () => handled, server);
    },
  };
}

function application(
  express: typeof express5,
  server: ResourceServer,
  denied: Denied,
  handle: () => void,
): express5.Express {
  const app = express();
  // In the environment `test` Express does not print the errors of failed requests.
  app.set('env', 'test');
  // Another package also sets req.auth: our adapter must ignore it.
  app.use((req, res, next) => {
    if (headersInFront in req.headers) res.set(foreignHeaders);
    Object.assign(req, { auth: { subject: 'mallory', scopes: ['read', 'write'], hasScope: () => true } });
    next();
  });
  for (const { method, path, gate, guard, parsesForm } of routes) {
    const middlewares: express5.RequestHandler[] = [
      ...(parsesForm ? [express.urlencoded({ extended: true }), express.json()] : []),
      ...(gate === 'none' ? [] : [auth(server, { credentials: gate, onDenied: onDenied(denied, answer) })]),
      ...(guard === undefined ? [] : [guardOf(guard)]),
    ];
    app[method === 'GET' ? 'get' : 'post'](path, ...middlewares, (req, res) => {
      handle();
      res.json(seen(getAuth(req, { optional: true })));
    });
  }
  return app;
}

function answer(status: number, text: string, _req: IncomingMessage, res: ServerResponse): void {
  res.statusCode = status;
  res.end(text);
}

function guardOf(guard: Guard): express5.RequestHandler {
  if ('requireScope' in guard) return requireScope(...guard.requireScope);
  return 'requireAnyScope' in guard ? requireAnyScope(...guard.requireAnyScope) : requirePolicy(guard.requirePolicy);
}
