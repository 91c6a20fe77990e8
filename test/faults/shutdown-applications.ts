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

/** An application that the test shuts down. */
export interface Application {
  /** Sends a token and returns the status. */
  send(token: string): Promise<number>;
  /**
   * What an application does on SIGTERM: it accepts no more requests, and those in flight finish.
   * Resolves when all have finished. May be called twice.
   */
  stop(): Promise<void>;
}

/** Builds an application from a resource server and a handler. */
export interface Framework {
  readonly name: string;
  start(server: ResourceServer, handle: () => Promise<void>): Promise<Application>;
}

export const frameworks: readonly Framework[] = [
  {
    name: 'core',
    async start(server, handle) {
      const inFlight = new Set<Promise<number>>();
      const handleToken = async (token: string) => {
        const decision = await server.checkToken(token);
        if (decision.granted) await handle();
        return decision.granted ? 200 : decision.status;
      };
      return {
        send(token) {
          const status = handleToken(token);
          inFlight.add(status);
          return status;
        },
        async stop() {
          await Promise.all(inFlight);
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
      return { send: sender((app.server.address() as AddressInfo).port), stop: () => app.close() };
    },
  },
];

async function listen(listener: RequestListener): Promise<Application> {
  const http = createServer(listener).listen(0, '127.0.0.1');
  await once(http, 'listening');
  return {
    send: sender((http.address() as AddressInfo).port),
    async stop() {
      if (!http.listening) return;
      http.close();
      await once(http, 'close');
    },
  };
}

function sender(port: number): Application['send'] {
  return async (token) => {
    const options = { host: '127.0.0.1', port, agent: new Agent(), headers: { authorization: `Bearer ${token}` } };
    const response = await new Promise<IncomingMessage>((resolve, reject) => {
      get(options, resolve).on('error', reject);
    });
    response.resume();
    return response.statusCode ?? 0;
  };
}
