import { once } from 'node:events';
import { createServer as createPlainServer, type Server as PlainServer } from 'node:http';
import { createServer, type Server as SecureServer } from 'node:https';
import type { AddressInfo } from 'node:net';
import { createResourceServer, type KeySnapshot } from '@resource-server/core';
import { describe, expect, it, onTestFinished } from 'vitest';
import { scriptedServer } from '../../packages/core/test/support-network/scripted-server.js';
import { selfSignedCertificate } from '../../packages/core/test/support-network/self-signed.js';
import { withoutJitter } from '../../packages/core/test/support-network/without-jitter.js';
import { audience } from '../suite/world.js';
import { type FaultArena, freshSeconds, openFaultArena, staleMaxSeconds, timeoutSeconds } from './arena.js';
import { harnesses } from './harnesses.js';
import { expectInvariant } from './invariant.js';
import { retry } from './plays.js';
import { watchProcess } from './unhandled.js';

watchProcess();
withoutJitter();

/** Addresses at which no key server can be reached. A snapshot provides the cached keys. */
const targets: readonly { readonly name: string; open(): Promise<string> }[] = [
  {
    name: 'connection refused',
    async open() {
      const server = await scriptedServer(() => {});
      await server.close();
      return `${server.origin}/jwks`;
    },
  },
  {
    name: 'DNS error',
    // A label has at most 63 octets (RFC 1035 section 2.3.4): the resolver fails without a query.
    open: async () => `https://${'x'.repeat(64)}.invalid/jwks`,
  },
  {
    name: 'TLS: a certificate of an unknown authority',
    async open() {
      const server = createServer(selfSignedCertificate(), (_, response) => response.end('{"keys":[]}'));
      return `https://localhost:${await listen(server)}/jwks`;
    },
  },
  {
    name: 'TLS: plain HTTP where TLS was expected',
    async open() {
      // Answers 400 to bytes that are not HTTP, such as the first message of TLS.
      const server = createPlainServer((_, response) => response.end('{"keys":[]}'));
      return `https://127.0.0.1:${await listen(server)}/jwks`;
    },
  },
];

for (const harness of harnesses) {
  describe(`${harness.name}: a key server that cannot be reached`, () => {
    it.for(targets)(
      'with an unreachable key server ($name) cached keys are used until the limit (D-18) [RS-OIDC-10.1.1-d]',
      async (target, { task }) => {
        const jwksUri = await target.open();
        const arena = await openFaultArena(harness, async ({ issuer, jwksUri: reachable, clock }) => {
          // Both servers share the issuer and its clock; only the first can reach the keys.
          const first = createResourceServer({ issuer: { issuer, jwksUri: reachable }, audience, clock });
          await first.ready();
          const seed = JSON.parse(JSON.stringify(first.snapshot())) as KeySnapshot;
          await first.close();
          return { options: { issuer: { issuer, jwksUri }, keys: { timeoutSeconds, seed } } };
        });
        const fresh = (await arena.sendGood()).status;
        arena.clock.advance(freshSeconds);
        const past = (await arena.sendGood()).status;
        const forged = await forgedStatuses(arena);
        arena.clock.advance(staleMaxSeconds);
        const end = await arena.sendGood();
        const seen = `fresh ${fresh}, past ${past} (forged ${forged.join(' ')}), +1 h ${end.status}${retry(end)}`;
        task.meta.fault = { fault: target.name, column: 'cached', harness: harness.name, seen };
        expect([fresh, past, ...forged, end.status]).toEqual([200, 200, 503, 401, 503]);
        expectInvariant(arena);
        await arena.close();
      },
    );

    it.for(targets)(
      'with an unreachable key server ($name) and nothing cached requests are 503 (D-08) [RS-OIDC-10.1.1-d]',
      async (target, { task }) => {
        const jwksUri = await target.open();
        const arena = await openFaultArena(harness, ({ issuer }) => ({ options: { issuer: { issuer, jwksUri } } }));
        const first = await arena.sendGood();
        const forged = await forgedStatuses(arena);
        const seen = `${first.status}${retry(first)} (forged ${forged.join(' ')})`;
        task.meta.fault = { fault: target.name, column: 'cold', harness: harness.name, seen };
        expect([first.status, ...forged]).toEqual([503, 503, 503]);
        expectInvariant(arena);
        await arena.close();
      },
    );
  });
}

/** The port on which a server listens until the end of the test. */
async function listen(server: PlainServer | SecureServer): Promise<number> {
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  onTestFinished(() => {
    server.closeAllConnections();
    server.close();
  });
  return (server.address() as AddressInfo).port;
}

async function forgedStatuses(arena: FaultArena): Promise<number[]> {
  return (await arena.sendForged()).map(({ status }) => status);
}
