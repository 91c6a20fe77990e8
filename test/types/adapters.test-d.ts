import Router from '@koa/router';
import { type AccessTokenClaims, type Auth, createResourceServer, type ResourceServer } from '@resource-server/core';
import { auth as expressAuth } from '@resource-server/express';
import {
  auth as fastifyAuth,
  getAuth as getFastifyAuth,
  requireScope as requireFastifyScope,
} from '@resource-server/fastify';
import {
  type AuthState,
  getAuth as getKoaAuth,
  auth as koaAuth,
  requireScope as requireKoaScope,
} from '@resource-server/koa';
import type { Request, Response } from 'express';
import Fastify, { type FastifyReply, type FastifyRequest, type FastifyTypeProvider } from 'fastify';
import Koa from 'koa';
import { describe, expectTypeOf, it } from 'vitest';
import * as zod from 'zod';

const options = { issuer: 'https://login.example.com', audience: 'https://api.example.com' } as const;
const server = createResourceServer(options);
const typed = createResourceServer({ ...options, claims: zod.object({ dept: zod.string() }) });

describe('koa', () => {
  it('the Koa middleware and guards fit an application and a router', () => {
    const app = new Koa();
    app.use(koaAuth(options));
    app.use(koaAuth(server, { onDenied: 'delegate' }));
    const router = new Router();
    router.get('/', requireKoaScope('read'), (ctx) => {
      ctx.body = getKoaAuth(ctx).subject;
      expectTypeOf(getKoaAuth(ctx)).toEqualTypeOf<Auth>();
      expectTypeOf(getKoaAuth(ctx, { from: typed }).claims).toEqualTypeOf<{ dept: string }>();
      expectTypeOf(getKoaAuth(ctx, { optional: true })).toEqualTypeOf<Auth | null>();
    });
    app.use(router.routes());
  });

  it('AuthState types ctx.state.auth of Koa', () => {
    new Router<AuthState<typeof typed>>().get('/', requireKoaScope('read'), (ctx) => {
      expectTypeOf(ctx.state.auth).toEqualTypeOf<Auth<{ dept: string }> | null>();
    });
    expectTypeOf<AuthState['auth']>().toEqualTypeOf<Auth<AccessTokenClaims> | null>();
  });
});

describe('fastify', () => {
  it('the Fastify plugin and guards fit a server over HTTP/1.1', () => {
    const app = Fastify();
    app.register(fastifyAuth, options);
    app.register(fastifyAuth, { ...options, onDenied: 'delegate', prefix: '/v1' });
    app.register(fastifyAuth, server);
    app.register(fastifyAuth, { server, credentials: 'optional' });
    app.get('/', { onRequest: requireFastifyScope('read') }, async (request) => {
      expectTypeOf(getFastifyAuth(request)).toEqualTypeOf<Auth>();
      expectTypeOf(getFastifyAuth(request, { from: typed }).claims).toEqualTypeOf<{ dept: string }>();
      return getFastifyAuth(request).subject;
    });
    app.get('/many', { onRequest: [requireFastifyScope('read'), requireFastifyScope('write')] }, async () => 'in');
  });

  it('the Fastify plugin and guards fit a server over HTTP/2 and over HTTPS', () => {
    const app = Fastify({ http2: true });
    app.register(fastifyAuth, options);
    app.get('/', { onRequest: requireFastifyScope('read') }, async (request) => getFastifyAuth(request).subject);
    const secure = Fastify({ https: {} });
    secure.register(fastifyAuth, options);
    secure.get('/', { onRequest: requireFastifyScope('read') }, async (request) => getFastifyAuth(request).subject);
    const secure2 = Fastify({ http2: true, https: {} });
    secure2.register(fastifyAuth, options);
    secure2.get('/', { onRequest: requireFastifyScope('read') }, async (request) => getFastifyAuth(request).subject);
  });

  it('the Fastify plugin and guards fit a server with a type provider', () => {
    interface Provider extends FastifyTypeProvider {
      readonly validator: this['schema'] extends { kind: infer Kind } ? Kind : unknown;
    }
    const app = Fastify().withTypeProvider<Provider>();
    app.register(fastifyAuth, options);
    app.get('/', { onRequest: requireFastifyScope('read') }, async (request) => getFastifyAuth(request).subject);
  });

  it('the Fastify plugin requires an audience', () => {
    // @ts-expect-error audience is missing
    Fastify().register(fastifyAuth, { issuer: 'https://login.example.com' });
  });

  it('an onDenied function may use the types of the framework', () => {
    Fastify().register(fastifyAuth, {
      server,
      onDenied: (denial, _request: FastifyRequest, reply: FastifyReply) => reply.code(denial.status).send(denial.body),
    });
    koaAuth(server, {
      onDenied: (denial, ctx: Koa.Context) => {
        ctx.status = denial.status;
      },
    });
    expressAuth(server, { onDenied: (denial, _req: Request, res: Response) => res.sendStatus(denial.status) });
  });

  it('a resource server with any claims schema can be shared between adapters', () => {
    expectTypeOf(typed).toEqualTypeOf<ResourceServer<{ dept: string }>>();
    Fastify().register(fastifyAuth, { server: typed });
    koaAuth(typed);
  });
});
