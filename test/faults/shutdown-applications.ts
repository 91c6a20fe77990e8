import { once } from 'node:events';
import { Agent, createServer, get, type IncomingMessage, type RequestListener } from 'node:http';
import type { AddressInfo } from 'node:net';
import type { ResourceServer } from '@resource-server/core';
import { auth as expressAuth } from '@resource-server/express';
import { auth as fastifyAuth } from '@resource-server/fastify';
import { auth as koaAuth } from '@resource-server/koa';
import express from 'express';
import Fastify from 'fastify';
import Koa from 'koa';

/** An application that is about to be shut down. */
export interface Application {
  /** The status for a token. */
  ask(token: string): Promise<number>;
  /** What an application does on SIGTERM: takes no more requests, lets those under way finish. Resolves when all have. May be said twice. */
  stop(): Promise<void>;
}

/** How an application is made of a resource server and a handler. */
export interface Framework {
  readonly name: string;
  start(server: ResourceServer, handle: () => Promise<void>): Promise<Application>;
}

export const frameworks: readonly Framework[] = [
  {
    name: 'core',
    async start(server, handle) {
      const underWay = new Set<Promise<number>>();
      const judge = async (token: string) => {
        const decision = await server.checkToken(token);
        if (decision.granted) await handle();
        return decision.granted ? 200 : decision.status;
      };
      return {
        ask(token) {
          const asking = judge(token);
          underWay.add(asking);
          return asking;
        },
        async stop() {
          await Promise.all(underWay);
        },
      };
    },
  },
  {
    name: 'Express 5',
    async start(server, handle) {
      const app = express().get('/', expressAuth(server), async (_req, res) => {
        await handle();
        res.end();
      });
      return listen(app as RequestListener);
    },
  },
  {
    name: 'Koa 3',
    async start(server, handle) {
      const app = new Koa().use(koaAuth(server)).use(async (ctx) => {
        await handle();
        ctx.body = '';
        ctx.status = 200;
      });
      return listen(app.callback());
    },
  },
  {
    name: 'Fastify 5',
    async start(server, handle) {
      const app = Fastify();
      await app.register(fastifyAuth, { server });
      app.get('/', async () => {
        await handle();
        return '';
      });
      await app.listen({ port: 0, host: '127.0.0.1' });
      return { ask: asking((app.server.address() as AddressInfo).port), stop: () => app.close() };
    },
  },
];

async function listen(listener: RequestListener): Promise<Application> {
  const http = createServer(listener).listen(0, '127.0.0.1');
  await once(http, 'listening');
  return {
    ask: asking((http.address() as AddressInfo).port),
    async stop() {
      if (!http.listening) return;
      http.close();
      await once(http, 'close');
    },
  };
}

function asking(port: number): Application['ask'] {
  return async (token) => {
    const options = { host: '127.0.0.1', port, agent: new Agent(), headers: { authorization: `Bearer ${token}` } };
    const response = await new Promise<IncomingMessage>((resolve, reject) => {
      get(options, resolve).on('error', reject);
    });
    response.resume();
    return response.statusCode ?? 0;
  };
}
