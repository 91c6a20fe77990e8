import { Agent, get, type IncomingMessage } from 'node:http';
import type { Running, WireRequest } from '../suite/harness.js';

/** The parts of a response that matter after a fault. */
interface Reply {
  readonly status: number;
  line(name: string): string | undefined;
}

/** Sends requests for one route of an application. */
export interface Client {
  send(token: string): Promise<Reply>;
  close(): void;
}

/** The number of connections that an application receives requests over at the same time. */
const maxSockets = 64;

/**
 * Calls core directly; keeps connections to a port alive, so that thousands of requests are cheap.
 */
export function clientOf(running: Running & { readonly port?: number }): Client {
  return running.port === undefined ? calling(running) : connecting(running.port);
}

/** The port of an application that listens on one. */
export function portOf(running: Running & { readonly port?: number }): number {
  if (running.port === undefined) throw new Error('this harness has no sockets');
  return running.port;
}

export function withToken(token: string, target = '/any'): WireRequest {
  return { target, headers: [['Authorization', `Bearer ${token}`]] };
}

function calling(running: Running): Client {
  return {
    async send(token) {
      const { status, headers } = await running.send(withToken(token));
      return { status, line: (name) => headers.find(([candidate]) => candidate === name)?.[1] };
    },
    close() {},
  };
}

function connecting(port: number): Client {
  const agent = new Agent({ keepAlive: true, maxSockets });
  return {
    async send(token) {
      const headers = { authorization: `Bearer ${token}` };
      const response = await new Promise<IncomingMessage>((resolve, reject) => {
        get({ host: '127.0.0.1', port, path: '/any', agent, headers }, resolve).on('error', reject);
      });
      // The body is read to its end, so that the connection can be used again.
      response.resume();
      return { status: response.statusCode ?? 0, line: (name) => response.headers[name]?.toString() };
    },
    close: () => agent.destroy(),
  };
}
