import { afterEach, describe, expect, it } from 'vitest';
import { withoutJitter } from '../../packages/core/test/support-network/without-jitter.js';
import {
  type FaultArena,
  flushEvents,
  freshSeconds,
  openFaultArena,
  staleMaxSeconds,
  timeoutSeconds,
  until,
} from './arena.js';
import { harnesses } from './harnesses.js';
import { expectInvariant } from './invariant.js';
import { metadataFaults } from './metadata-faults.js';
import { type MetadataServer, openMetadataServer } from './metadata-site.js';
import { retry, sendUntilHealthy } from './plays.js';
import { watchProcess } from './unhandled.js';

watchProcess();
withoutJitter();

/** The timeout for a document that hangs: longer than the 0.5 s after which OpenID's is fetched. */
const hangSeconds = 1;

const opened: FaultArena[] = [];

afterEach(async () => {
  for (const arena of opened.splice(0)) await arena.close();
});

for (const harness of harnesses) {
  describe(`${harness.name}: metadata documents with a fault`, () => {
    async function open(seconds: number): Promise<{ arena: FaultArena; metadata: MetadataServer }> {
      const metadata = await openMetadataServer();
      const arena = await openFaultArena(harness, ({ jwksUri }) => {
        metadata.jwksUri = jwksUri;
        return {
          options: { issuer: metadata.origin, keys: { timeoutSeconds: seconds } },
          issuerName: metadata.origin,
          close: () => metadata.close(),
        };
      });
      opened.push(arena);
      return { arena, metadata };
    }

    it.for(metadataFaults)(
      'a metadata document with the fault "$name", with keys cached: one valid document suffices, and cached keys last an hour (D-20) [RS-8414-3.2-a] [RS-8414-5-a]',
      async (fault, { task }) => {
        const { name, reply, isEndless } = fault;
        const { arena, metadata } = await open(isEndless ? hangSeconds : timeoutSeconds);
        const warm = await sendUntilHealthy(arena, fault);
        const alone: number[] = [];
        let fetches = 1;
        for (const good of ['openid', 'oauth'] as const) {
          metadata.setFault(reply, { good });
          // The key set is no longer fresh, so this request starts a new fetch and waits for it.
          arena.clock.advance(freshSeconds);
          alone.push((await arena.sendGood()).status);
          // When the request times out, it is served by the old set, and the fetch still completes.
          fetches += 1;
          await until(() => arena.keys.heads.length === fetches);
          await arena.keys.allGone();
          await flushEvents();
        }
        metadata.setFault(reply);
        arena.clock.advance(freshSeconds);
        const both = (await arena.sendGood()).status;
        arena.clock.advance(staleMaxSeconds);
        const end = await arena.sendGood();
        const seen = `one ${alone.join(' ')}, both ${both}, +1 h ${end.status}${retry(end)}`;
        task.meta.fault = { fault: `metadata: ${name}`, column: 'cached', harness: harness.name, seen };
        expect([warm, ...alone, both, end.status]).toEqual([200, 200, 200, 200, 503]);
        // No keys were fetched while neither document was valid.
        expect(arena.keys.heads).toHaveLength(fetches);
        expectInvariant(arena);
      },
    );

    it.for(metadataFaults)(
      'a metadata document with the fault "$name", with nothing cached: one valid document suffices, with none it is 503 (D-08) [RS-8414-3.2-a] [RS-8414-5-a]',
      async (fault, { task }) => {
        const { name, reply, isEndless } = fault;
        const alone: number[] = [];
        for (const good of ['openid', 'oauth'] as const) {
          const { arena, metadata } = await open(isEndless ? hangSeconds : timeoutSeconds);
          metadata.setFault(reply, { good });
          alone.push((await arena.sendGood()).status);
          expectInvariant(arena);
        }
        const { arena, metadata } = await open(isEndless ? hangSeconds : timeoutSeconds);
        metadata.setFault(reply);
        const both = await arena.sendGood();
        const [unknownKid, foreign] = (await arena.sendForged()).map(({ status }) => status);
        const fetched = arena.keys.heads.length;
        await metadata.clearFault();
        arena.clock.advance(both.retryAfter ?? 0);
        const back = (await arena.sendGood()).status;
        const seen = `one ${alone.join(' ')}, both ${both.status}${retry(both)} (forged ${unknownKid} ${foreign}), back ${back}`;
        task.meta.fault = { fault: `metadata: ${name}`, column: 'cold', harness: harness.name, seen };
        expect([...alone, both.status, unknownKid, foreign, back]).toEqual([200, 200, 503, 503, 503, 200]);
        // No keys were fetched while neither document was valid.
        expect(fetched).toBe(0);
        expectInvariant(arena);
      },
    );
  });
}
