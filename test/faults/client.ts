import { Agent, get, type IncomingMessage } from 'node:http';
import type { Running, WireRequest } from '../suite/harness.js';

/** What of an answer matters when something has failed. */
interface Reply {
  readonly status: number;
  line(name: string): string | undefined;
}

/** Asks an application for one route as often as it takes. */
export interface Client {
  ask(token: string): Promise<Reply>;
  close(): void;
}

/** As many connections as an application is sent requests over at once. */
const maxSockets = 64;

/** Asks core by a call, and what listens on a port over connections that are kept, so that thousands of requests are cheap. */
export function clientOf(running: Running & { readonly port?: number }): Client {
  return running.port === undefined ? calling(running) : connecting(running.port);
}

/** The port of an application that has one. */
export function portOf(running: Running & { readonly port?: number }): number {
  if (running.port === undefined) throw new Error('this harness has no sockets');
  return running.port;
}

export function withToken(token: string, target = '/any'): WireRequest {
  return { target, headers: [['Authorization', `Bearer ${token}`]] };
}

function calling(running: Running): Client {
  return {
    async ask(token) {
      const { status, headers } = await running.send(withToken(token));
      return { status, line: (name) => headers.find(([candidate]) => candidate === name)?.[1] };
    },
    close() {},
  };
}

function connecting(port: number): Client {
  const agent = new Agent({ keepAlive: true, maxSockets });
  return {
    async ask(token) {
      const headers = { authorization: `Bearer ${token}` };
      const response = await new Promise<IncomingMessage>((resolve, reject) => {
        get({ host: '127.0.0.1', port, path: '/any', agent, headers }, resolve).on('error', reject);
      });
      // Read to its end, so that the connection can be used again.
      response.resume();
      return { status: response.statusCode ?? 0, line: (name) => response.headers[name]?.toString() };
    },
    close: () => agent.destroy(),
  };
}
