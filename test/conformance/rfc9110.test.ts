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

/* What an application says of its answers, to caches above all, with our gate behind it. */

const own = { vary: 'Origin', 'cache-control': 'private, max-age=60' };

let issuer: MockIssuer;
let server: ResourceServer;
beforeAll(async () => {
  issuer = await createMockIssuer({ alg: 'ES256', audience });
  server = createResourceServer({ issuer: { issuer: issuer.issuer, jwks: jwksOf(issuer) }, audience });
});
afterAll(() => issuer.close());

/** Applications that set headers of their own in front of the gate, except for `/bare`. */
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

describe.each(Object.entries(applications))('%s', (_name, create) => {
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

  it('[RS-9110-12.5.5-a] Vary stays what the application said, for who is admitted and who is not', async () => {
    expect((await ask('/', await issuer.token())).headers.vary).toBe('Origin');
    expect((await ask('/')).headers.vary).toBe('Origin');
    expect((await ask('/bare')).headers.vary).toBeUndefined();
  });

  it('[RS-9111-3.5-a] Cache-Control of an admitted answer stays what the application said, or is not there', async () => {
    const { statusCode, headers } = await ask('/', await issuer.token());
    expect([statusCode, headers['cache-control']]).toEqual([200, 'private, max-age=60']);
    const bare = await ask('/bare', await issuer.token());
    expect([bare.statusCode, bare.headers['cache-control'], bare.headers['expires']]).toEqual([
      200,
      undefined,
      undefined,
    ]);
  });

  it('[RS-CORS-1] an OPTIONS that reaches the gate is a request like any other', async () => {
    expect((await ask('/', undefined, 'OPTIONS')).statusCode).toBe(401);
    expect((await ask('/', await issuer.token(), 'OPTIONS')).statusCode).not.toBe(401);
  });

  it('[RS-9111-5.2-a] a refusal is no-store, whatever the application said', async () => {
    const { statusCode, headers } = await ask('/', await issuer.bad.expired());
    expect([statusCode, headers['cache-control']]).toEqual([401, 'no-store']);
  });
});
