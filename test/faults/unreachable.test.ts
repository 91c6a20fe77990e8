import { once } from 'node:events';
import { createServer as createPlainServer } from 'node:http';
import { createServer } from 'node:https';
import type { AddressInfo } from 'node:net';
import { createResourceServer, type KeySnapshot } from '@resource-server/core';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { scriptedServer } from '../../packages/core/test/support-network/scripted-server.js';
import { selfSignedCertificate } from '../../packages/core/test/support-network/self-signed.js';
import { audience } from '../suite/world.js';
import {
  expectInvariant,
  type FaultArena,
  freshSeconds,
  harnesses,
  openFaultArena,
  staleMaxSeconds,
  timeoutSeconds,
} from './arena.js';
import { watchProcess } from './unhandled.js';

watchProcess();

beforeEach(() => {
  vi.spyOn(Math, 'random').mockReturnValue(0);
});

const cleanups: (() => unknown)[] = [];

afterEach(async () => {
  vi.restoreAllMocks();
  for (const cleanup of cleanups.splice(0)) await cleanup();
});

/** Places where no key server can be reached, ever. Keys come from a snapshot where they are cached. */
const places: readonly { readonly name: string; open(): Promise<string> }[] = [
  {
    name: 'issuer refused',
    async open() {
      const server = await scriptedServer(() => {});
      await server.close();
      return `${server.origin}/jwks`;
    },
  },
  {
    name: 'TLS: a certificate nobody vouches for',
    async open() {
      const server = createServer(selfSignedCertificate(), (_, response) => response.end('{"keys":[]}'));
      server.listen(0, '127.0.0.1');
      await once(server, 'listening');
      cleanups.push(() => {
        server.closeAllConnections();
        server.close();
      });
      return `https://localhost:${(server.address() as AddressInfo).port}/jwks`;
    },
  },
  {
    name: 'TLS: plain HTTP where TLS was expected',
    async open() {
      // Answers 400 to what is no HTTP, such as the first message of TLS.
      const server = createPlainServer((_, response) => response.end('{"keys":[]}')).listen(0, '127.0.0.1');
      await once(server, 'listening');
      cleanups.push(() => {
        server.closeAllConnections();
        server.close();
      });
      return `https://127.0.0.1:${(server.address() as AddressInfo).port}/jwks`;
    },
  },
];

for (const harness of harnesses) {
  describe(`${harness.name}: a key server that is not there`, () => {
    it.for(places)('[RS-OIDC-10.1.1-d] D-18: $name, with keys cached', async (place, { task }) => {
      const jwksUri = await place.open();
      // Both share the issuer and its clock; only the first can reach the keys.
      let seed: KeySnapshot | undefined;
      const arena = await openFaultArena(harness, (issuer) => ({
        async prepare(reachable, clock) {
          const first = createResourceServer({
            issuer: { issuer: issuer.issuer, jwksUri: reachable },
            audience,
            clock,
          });
          await first.ready();
          seed = JSON.parse(JSON.stringify(first.snapshot())) as KeySnapshot;
          await first.close();
        },
        options: () => ({
          issuer: { issuer: issuer.issuer, jwksUri },
          keys: { timeoutSeconds, ...(seed && { seed }) },
        }),
      }));
      const fresh = (await arena.askGood()).status;
      arena.clock.advance(freshSeconds);
      const past = (await arena.askGood()).status;
      const forged = await forgedStatuses(arena);
      arena.clock.advance(staleMaxSeconds);
      const end = await arena.askGood();
      const seen = `fresh ${fresh}, past ${past} (forged ${forged.join(' ')}), +1 h ${end.status} Retry-After ${end.retryAfter}`;
      task.meta.fault = { fault: place.name, column: 'cached', harness: harness.name, seen };
      expect([fresh, past, ...forged, end.status]).toEqual([200, 200, 503, 401, 503]);
      expectInvariant(arena);
      await arena.close();
    });

    it.for(places)('[RS-OIDC-10.1.1-d] D-08: $name, with nothing cached', async (place, { task }) => {
      const jwksUri = await place.open();
      const arena = await openFaultArena(harness, (issuer) => ({
        options: () => ({ issuer: { issuer: issuer.issuer, jwksUri } }),
      }));
      const first = await arena.askGood();
      const forged = await forgedStatuses(arena);
      const seen = `${first.status} Retry-After ${first.retryAfter} (forged ${forged.join(' ')})`;
      task.meta.fault = { fault: place.name, column: 'cold', harness: harness.name, seen };
      expect([first.status, ...forged]).toEqual([503, 503, 503]);
      expectInvariant(arena);
      await arena.close();
    });
  });
}

async function forgedStatuses(arena: FaultArena): Promise<number[]> {
  return (await arena.askForged()).map(({ status }) => status);
}
