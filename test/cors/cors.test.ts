import { once } from 'node:events';
import { createServer, type IncomingMessage, type RequestListener, request } from 'node:http';
import type { AddressInfo } from 'node:net';
import fastifyCors from '@fastify/cors';
import koaCors from '@koa/cors';
import { createResourceServer, type ResourceServer } from '@resource-server/core';
import { auth as expressAuth, requireScope as requireExpressScope } from '@resource-server/express';
import { auth as fastifyAuth, requireScope as requireFastifyScope } from '@resource-server/fastify';
import { auth as koaAuth, requireScope as requireKoaScope } from '@resource-server/koa';
import { createMockIssuer, type MockIssuer } from '@resource-server/mock-issuer';
import expressCors from 'cors';
import express from 'express';
import Fastify from 'fastify';
import Koa from 'koa';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';

/*
 * A browser client on another origin: the READMEs' set-up, behind the usual CORS middleware of each
 * framework.
 */

const origin = 'https://spa.example';
const audience = 'https://api.example.com';
const exposed = ['WWW-Authenticate', 'DPoP-Nonce'];

let issuer: MockIssuer;
let server: ResourceServer;
beforeAll(async () => {
  issuer = await createMockIssuer({ alg: 'ES256', audience });
  server = createResourceServer({ issuer: issuer.issuer, audience });
});
afterAll(() => Promise.all([server.close(), issuer.close()]));

const applications: ReadonlyArray<{ readonly name: string; readonly create: () => Promise<RequestListener> }> = [
  {
    name: 'cors and Express',
    async create() {
      const app = express();
      app.use(expressCors({ exposedHeaders: exposed }));
      app.use(expressAuth(server));
      app.get('/', requireExpressScope('read'), (_req, res) => void res.send('in'));
      return app as RequestListener;
    },
  },
  {
    name: '@koa/cors and Koa',
    async create() {
      const app = new Koa();
      app.use(koaCors({ exposeHeaders: exposed }));
      app.use(koaAuth(server));
      app.use(requireKoaScope('read'));
      app.use((ctx) => {
        ctx.body = 'in';
      });
      return app.callback();
    },
  },
  {
    name: '@fastify/cors and Fastify',
    async create() {
      const app = Fastify();
      await app.register(fastifyCors, { exposedHeaders: exposed });
      await app.register(fastifyAuth, server);
      app.get('/', { onRequest: requireFastifyScope('read') }, async () => 'in');
      await app.ready();
      return (req, res) => app.routing(req, res);
    },
  },
];

describe.each(applications)('$name', ({ create }) => {
  let port: number;
  const http = createServer();
  beforeAll(async () => {
    http.on('request', await create());
    http.listen(0, '127.0.0.1');
    await once(http, 'listening');
    port = (http.address() as AddressInfo).port;
  });
  afterAll(() => http.close());

  async function send(method: string, headers: Record<string, string>): Promise<IncomingMessage> {
    const sent = request({ port, host: '127.0.0.1', method, agent: false, headers: { origin, ...headers } }).end();
    const [response] = (await once(sent, 'response')) as [IncomingMessage];
    response.resume();
    return response;
  }

  it('a preflight request is answered by the CORS middleware and allows Authorization [RS-CORS-1] [RS-CORS-2]', async () => {
    const { statusCode, headers } = await send('OPTIONS', {
      'access-control-request-method': 'GET',
      'access-control-request-headers': 'authorization,dpop',
    });
    expect(statusCode).toBe(204);
    expect(headers['www-authenticate']).toBeUndefined();
    expect(headers['access-control-allow-headers']).toMatch(/authorization/i);
  });

  it('a browser may read the challenge of a refused cross-origin request [RS-CORS-3] [RS-CORS-4]', async () => {
    const anonymous = await send('GET', {});
    expect(anonymous.statusCode).toBe(401);
    expect(anonymous.headers['www-authenticate']).toBe('Bearer realm="api"');
    expectReadable(anonymous);
    const withoutScope = await send('GET', { authorization: `Bearer ${await issuer.token()}` });
    expect(withoutScope.statusCode).toBe(403);
    expect(withoutScope.headers['www-authenticate']).toContain('error="insufficient_scope"');
    expectReadable(withoutScope);
  });

  it('a browser may read the headers of an accepted cross-origin request [RS-CORS-3]', async () => {
    const accepted = await send('GET', { authorization: `Bearer ${await issuer.token({ scope: 'read' })}` });
    expect(accepted.statusCode).toBe(200);
    expectReadable(accepted);
  });

  it('a token in a cookie is not read, and CORS does not allow credentials [RS-CORS-5]', async () => {
    const answer = await send('GET', { cookie: `access_token=${await issuer.token({ scope: 'read' })}` });
    expect(answer.statusCode).toBe(401);
    expect(answer.headers['access-control-allow-credentials']).toBeUndefined();
  });
});

function expectReadable({ headers }: IncomingMessage): void {
  expect(headers['access-control-allow-origin']).toBeOneOf(['*', origin]);
  expect(String(headers['access-control-expose-headers']).split(/\s*,\s*/)).toEqual(exposed);
}
