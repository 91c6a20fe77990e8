import { createMockIssuer, type MockIssuer } from '@resource-server/mock-issuer';
import type { KeySnapshot } from '../../src/model/ports.js';
import type { ResourceServerOptions } from '../../src/options/resource-server-options.js';
import type { ResourceServer } from '../../src/resource-server.js';
import { audience, serverOf } from './ask.js';
import { type FrozenClock, frozenClock } from './frozen-clock.js';

/** One issuer, and servers that trust it, started one after another. All use one frozen clock. */
export interface Fleet {
  readonly clock: FrozenClock;
  readonly issuer: MockIssuer;
  /** The default options are those of `serverOf`. */
  start(options?: Partial<ResourceServerOptions>): ResourceServer<unknown>;
  /** The snapshot of a process that has fetched its keys now, as JSON for the next process. */
  snapshotOfNow(): Promise<KeySnapshot>;
  /** A valid token that expires after the keys do. */
  token(): Promise<string>;
  close(): Promise<void>;
}

export async function openFleet(): Promise<Fleet> {
  const clock = frozenClock();
  const issuer = await createMockIssuer({ alg: 'ES256', audience, clock });
  const servers: ResourceServer<unknown>[] = [];
  const start = (options: Partial<ResourceServerOptions> = {}): ResourceServer<unknown> => {
    const server = serverOf(issuer, options);
    servers.push(server);
    return server;
  };
  return {
    clock,
    issuer,
    start,
    async snapshotOfNow() {
      const server = start();
      await server.ready();
      return JSON.parse(JSON.stringify(server.snapshot()));
    },
    token: () => issuer.token({ expiresInSeconds: 7200 }),
    async close() {
      await Promise.all(servers.map((server) => server.close()));
      await issuer.close();
    },
  };
}
