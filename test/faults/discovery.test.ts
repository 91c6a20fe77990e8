import { afterEach, describe, expect, it } from 'vitest';
import { withoutJitter } from '../../packages/core/test/support-network/without-jitter.js';
import {
  type FaultArena,
  freshSeconds,
  openFaultArena,
  staleMaxSeconds,
  timeoutSeconds,
  turns,
  until,
} from './arena.js';
import { harnesses } from './harnesses.js';
import { expectInvariant } from './invariant.js';
import { metadataFaults } from './metadata-faults.js';
import { type MetadataSite, openMetadataSite } from './metadata-site.js';
import { askHealthy, retry } from './plays.js';
import { watchProcess } from './unhandled.js';

watchProcess();
withoutJitter();

/** Where a document hangs: longer than the half second that OpenID's document waits for RFC 8414's. */
const hangSeconds = 1;

const opened: FaultArena[] = [];

afterEach(async () => {
  for (const arena of opened.splice(0)) await arena.close();
});

for (const harness of harnesses) {
  describe(`${harness.name}: metadata documents with a fault`, () => {
    async function open(seconds: number): Promise<{ arena: FaultArena; site: MetadataSite }> {
      const site = await openMetadataSite();
      const arena = await openFaultArena(harness, ({ jwksUri }) => {
        site.jwksUri = jwksUri;
        return {
          options: { issuer: site.origin, keys: { timeoutSeconds: seconds } },
          issuerName: site.origin,
          close: () => site.close(),
        };
      });
      opened.push(arena);
      return { arena, site };
    }

    it.for(metadataFaults)(
      '[RS-8414-3.2-a] [RS-8414-5-a] D-20: $name, with keys cached: one good document is enough, and none for an hour',
      async (fault, { task }) => {
        const { name, reply, isEndless } = fault;
        const { arena, site } = await open(isEndless ? hangSeconds : timeoutSeconds);
        const warm = await askHealthy(arena, fault);
        const alone: number[] = [];
        let fetches = 1;
        for (const good of ['openid', 'oauth'] as const) {
          site.suffer(reply, { good });
          // Past its time, so that this request waits for the new set.
          arena.clock.advance(freshSeconds);
          alone.push((await arena.askGood()).status);
          // A request that was out of patience was served by the old set; the new one comes all the same.
          fetches += 1;
          await until(() => arena.keys.heads.length === fetches);
          await arena.keys.allGone();
          await turns();
        }
        site.suffer(reply);
        arena.clock.advance(freshSeconds);
        const both = (await arena.askGood()).status;
        arena.clock.advance(staleMaxSeconds);
        const end = await arena.askGood();
        const seen = `one ${alone.join(' ')}, both ${both}, +1 h ${end.status}${retry(end)}`;
        task.meta.fault = { fault: `metadata: ${name}`, column: 'cached', harness: harness.name, seen };
        expect([warm, ...alone, both, end.status]).toEqual([200, 200, 200, 200, 503]);
        // Nothing was fetched where no document was good.
        expect(arena.keys.heads).toHaveLength(fetches);
        expectInvariant(arena);
      },
    );

    it.for(metadataFaults)(
      '[RS-8414-3.2-a] [RS-8414-5-a] D-08: $name, with nothing cached: one good document is enough, without any it is 503',
      async (fault, { task }) => {
        const { name, reply, isEndless } = fault;
        const alone: number[] = [];
        for (const good of ['openid', 'oauth'] as const) {
          const { arena, site } = await open(isEndless ? hangSeconds : timeoutSeconds);
          site.suffer(reply, { good });
          alone.push((await arena.askGood()).status);
          expectInvariant(arena);
        }
        const { arena, site } = await open(isEndless ? hangSeconds : timeoutSeconds);
        site.suffer(reply);
        const both = await arena.askGood();
        const [unknownKid, foreign] = (await arena.askForged()).map(({ status }) => status);
        const fetched = arena.keys.heads.length;
        await site.heal();
        arena.clock.advance(both.retryAfter ?? 0);
        const back = (await arena.askGood()).status;
        const seen = `one ${alone.join(' ')}, both ${both.status}${retry(both)} (forged ${unknownKid} ${foreign}), back ${back}`;
        task.meta.fault = { fault: `metadata: ${name}`, column: 'cold', harness: harness.name, seen };
        expect([...alone, both.status, unknownKid, foreign, back]).toEqual([200, 200, 503, 503, 503, 200]);
        // Nobody's keys were fetched while no document counted.
        expect(fetched).toBe(0);
        expectInvariant(arena);
      },
    );
  });
}
