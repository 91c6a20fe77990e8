import { once } from 'node:events';
import { connect } from 'node:net';
import type { ResourceServerOptions } from '@resource-server/core';
import { expect } from 'vitest';
import type { Refused } from '../../suite/expected.js';
import type { Running, WireResponse } from '../../suite/harness.js';
import { express5Harness } from '../../suite/harnesses/express.js';
import { fastifyHarness } from '../../suite/harnesses/fastify.js';
import { koa3Harness } from '../../suite/harnesses/koa.js';
import { expectNoTrace } from './verdicts.js';

/** The frameworks that receive the attacks over real HTTP. */
export const frameworks = [express5Harness, koa3Harness, fastifyHarness] as const;

/** The suite's application in every framework. */
export interface Applications {
  /**
   * Sends one token to `target` in each framework. Expects this refusal, and that no handler ran.
   */
  expectRefused(token: string, refused: Refused, target?: string): Promise<void>;
  /**
   * Sends one token to `target` in each framework. Expects that it is accepted and the handler ran.
   */
  expectAccepted(token: string, target?: string): Promise<void>;
  close(): Promise<void>;
}

export async function startApplications(options: ResourceServerOptions): Promise<Applications> {
  const running = await Promise.all(frameworks.map((framework) => framework.start(options)));
  return {
    async expectRefused(token, refused, target = '/any') {
      for (const application of running) {
        const handled = application.handled();
        const response = await application.send({ target, headers: [['Authorization', `Bearer ${token}`]] });
        expectRefusal(response, refused);
        expectNoTrace(JSON.stringify(response), token);
        expect(application.handled()).toBe(handled);
      }
    },
    async expectAccepted(token, target = '/any') {
      for (const application of running) {
        const handled = application.handled();
        const { status } = await application.send({ target, headers: [['Authorization', `Bearer ${token}`]] });
        expect({ status, handled: application.handled() }).toEqual({ status: 200, handled: handled + 1 });
      }
    },
    close: async () => {
      await Promise.all(running.map((application) => application.close()));
    },
  };
}

/** Expects exactly this status, challenge and body. */
export function expectRefusal(response: WireResponse, { status, challenge, body }: Refused): void {
  const lines = response.headers.filter(([name]) => name.toLowerCase() === 'www-authenticate');
  expect({ status: response.status, challenge: lines.map(([, value]) => value) }).toEqual({
    status,
    challenge: challenge === undefined ? [] : [challenge],
  });
  expect(JSON.parse(response.body)).toEqual(body);
}

/** The port of an application that listens. */
export function portOf(running: Running): number {
  if ('port' in running && typeof running.port === 'number') return running.port;
  throw new TypeError('this application listens on no port');
}

/** Sends octets unchanged, one per character, and reads until the server closes the connection. */
export async function sendOctets(port: number, octets: string): Promise<string> {
  const socket = connect(port, '127.0.0.1');
  const chunks: Buffer[] = [];
  socket.on('data', (chunk: Buffer) => chunks.push(chunk));
  // A server that refuses a header before reading all of it resets the connection. Only the
  // response counts.
  socket.on('error', () => {});
  socket.write(octets, 'latin1');
  await once(socket, 'close');
  return Buffer.concat(chunks).toString('latin1');
}
