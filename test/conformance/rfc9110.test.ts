import { once } from 'node:events';
import { createServer, type IncomingMessage, type RequestListener, request } from 'node:http';
import type { AddressInfo } from 'node:net';
import { createResourceServer, type ResourceServer } from '@resource-server/core';
import { auth as expressAuth } from '@resource-server/express';
import { auth as fastifyAuth } from '@resource-server/fastify';
import { auth as koaAuth } from '@resource-server/koa';
import { createMockIssuer, type MockIssuer } from '@resource-server/mock-issuer';
import express from 'express';
import Fastify from 'fastify';
import Koa from 'koa';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { audience } from '../suite/world.js';
import { jwksOf } from './ask.js';

/*
 * Headers that the application sets on its responses, caching above all, with auth() behind them.
 */

const own = { vary: 'Origin', 'cache-control': 'private, max-age=60' };

let issuer: MockIssuer;
let server: ResourceServer;
beforeAll(async () => {
  issuer = await createMockIssuer({ alg: 'ES256', audience });
  server = createResourceServer({ issuer: { issuer: issuer.issuer, jwks: jwksOf(issuer) }, audience });
});
afterAll(() => issuer.close());

/** Applications that set their own headers in front of `auth()`, except for `/bare`. */
const applications: Readonly<Record<string, () => Promise<RequestListener>>> = {
  async Express() {
    const app = express();
    app.use((req, res, next) => {
      if (req.path !== '/bare') res.set(own);
      next();
    });
    app.use(expressAuth(server));
    app.use((_req, res) => void res.send('in'));
    return app as RequestListener;
  },
  async Koa() {
    const app = new Koa();
    app.use(async (ctx, next) => {
      if (ctx.path !== '/bare') ctx.set(own);
      await next();
    });
    app.use(koaAuth(server));
    app.use((ctx) => {
      ctx.body = 'in';
    });
    return app.callback();
  },
  async Fastify() {
    const app = Fastify();
    app.addHook('onRequest', async (request, reply) => {
      if (request.url !== '/bare') reply.headers(own);
    });
    await app.register(fastifyAuth, server);
    app.get('/', async () => 'in');
    app.get('/bare', async () => 'in');
    await app.ready();
    return (req, res) => app.routing(req, res);
  },
};

describe.each(Object.entries(applications))('caching headers of the application in %s', (_name, create) => {
  const http = createServer();
  beforeAll(async () => {
    http.on('request', await create());
    http.listen(0, '127.0.0.1');
    await once(http, 'listening');
  });
  afterAll(() => http.close());

  async function ask(path: string, token?: string, method = 'GET'): Promise<IncomingMessage> {
    const headers = token === undefined ? {} : { authorization: `Bearer ${token}` };
    const { port } = http.address() as AddressInfo;
    const sent = request({ method, port, path, headers, agent: false });
    const [response] = (await once(sent.end(), 'response')) as [IncomingMessage];
    response.resume();
    return response;
  }

  it('Vary stays as the application set it, on accepted and on refused requests [RS-9110-12.5.5-a]', async () => {
    expect((await ask('/', await issuer.token())).headers.vary).toBe('Origin');
    expect((await ask('/')).headers.vary).toBe('Origin');
    expect((await ask('/bare')).headers.vary).toBeUndefined();
  });

  it('Cache-Control of an accepted request stays as the application set it, or absent [RS-9111-3.5-a]', async () => {
    const { statusCode, headers } = await ask('/', await issuer.token());
    expect([statusCode, headers['cache-control']]).toEqual([200, 'private, max-age=60']);
    const bare = await ask('/bare', await issuer.token());
    expect([bare.statusCode, bare.headers['cache-control'], bare.headers['expires']]).toEqual([
      200,
      undefined,
      undefined,
    ]);
  });

  it('an OPTIONS request that reaches auth() needs a token like any other request [RS-CORS-1]', async () => {
    expect((await ask('/', undefined, 'OPTIONS')).statusCode).toBe(401);
    expect((await ask('/', await issuer.token(), 'OPTIONS')).statusCode).not.toBe(401);
  });

  it('a refusal is no-store, whatever Cache-Control the application set [RS-9111-5.2-a]', async () => {
    const { statusCode, headers } = await ask('/', await issuer.bad.expired());
    expect([statusCode, headers['cache-control']]).toEqual([401, 'no-store']);
  });
});
