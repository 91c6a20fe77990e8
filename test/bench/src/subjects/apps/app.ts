import { createServer, type RequestListener } from 'node:http';
import type { AddressInfo } from 'node:net';
import type { Documented } from '../configuration.js';
import type { Algorithm, World } from '../world.js';

export type Framework = 'express' | 'koa' | 'fastify';

/** An API with one route, `GET /reports`, which answers `{"ok":true}`. */
export interface App extends Documented {
  readonly framework: Framework;
  readonly algorithms: readonly Algorithm[];
  /** The framework without a guard: the reference for the added cost. */
  readonly isBare?: boolean;
  /** Accepts every request. */
  readonly isUnguarded?: boolean;
  /** The options, as printed. */
  configuration(world: World): unknown;
  /** @returns the port on 127.0.0.1 */
  start(world: World): Promise<number>;
}

export function listen(listener: RequestListener): Promise<number> {
  const server = createServer(listener);
  // Connections must not time out while other APIs are measured.
  server.keepAliveTimeout = 0;
  return new Promise((resolve) => {
    server.listen(0, '127.0.0.1', () => resolve((server.address() as AddressInfo).port));
  });
}
