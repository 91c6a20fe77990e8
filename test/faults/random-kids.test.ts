import { randomUUID } from 'node:crypto';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { withoutJitter } from '../../packages/core/test/support-network/without-jitter.js';
import { type Answered, type FaultArena, openFaultArena } from './arena.js';
import { harnesses } from './harnesses.js';
import { expectInvariant } from './invariant.js';
import { watchProcess } from './unhandled.js';

watchProcess();
withoutJitter();

const atOnce = 60;
/** Valid requests among `atOnce` forged ones. */
const goodOnes = 4;

/** The token under an unknown kid. Its other parts do not matter, since no key is found. */
function underRandomKid(token: string): string {
  const header = { alg: 'ES256', typ: 'at+jwt', kid: randomUUID() };
  return [Buffer.from(JSON.stringify(header)).toString('base64url'), ...token.split('.').slice(1)].join('.');
}

/** A flood of forged tokens with valid ones among them. */
async function flood(
  arena: FaultArena,
  token: string,
  forgeries: number,
): Promise<{ forged: Answered[]; good: Answered[] }> {
  const [forged, good]: [Answered[], Answered[]] = [[], []];
  while (forged.length < forgeries) {
    const size = Math.min(atOnce, forgeries - forged.length);
    const wave = Array.from({ length: size }, () => arena.send(underRandomKid(token), false));
    const among = Array.from({ length: goodOnes }, () => arena.send(token, true));
    forged.push(...(await Promise.all(wave)));
    good.push(...(await Promise.all(among)));
  }
  return { forged, good };
}

for (const harness of harnesses) {
  describe(`${harness.name}: random kids within a cooldown`, { timeout: 60_000 }, () => {
    let arena: FaultArena;

    beforeEach(async () => {
      arena = await openFaultArena(harness);
    });

    afterEach(() => arena.close());

    it.for([
      { name: 'with keys cached', column: 'cached', forgeries: 5000 },
      // The first answer fills the cache: the rest repeats the test with keys cached.
      { name: 'with nothing cached', column: 'cold', forgeries: harness.usesSockets ? 1000 : 5000 },
    ] as const)(
      'a flood of random kids costs one fetch, and no valid request fails: $name (D-17) [RS-OIDC-10.1.1-b]',
      async ({ column, forgeries }, { task }) => {
        const token = await arena.good();
        if (column === 'cached') expect((await arena.send(token, true)).status).toBe(200);
        const { forged, good } = await flood(arena, token, forgeries);
        const made = arena.keys.heads.length;
        arena.clock.advance(30);
        await arena.send(underRandomKid(token), false);
        await arena.send(underRandomKid(token), false);
        const later = arena.keys.heads.length;
        const [refused, granted] = [
          forged.filter((one) => one.status === 401),
          good.filter((one) => one.status === 200),
        ];
        const seen = `forged 401 ${share(refused, forged)}, good 200 ${share(granted, good)}, ${made} fetches, ${later} after 30 s`;
        task.meta.fault = { fault: `${forgeries} random kids in a cooldown`, column, harness: harness.name, seen };
        expect([refused.length, granted.length]).toEqual([forgeries, good.length]);
        // One fetch for the set, one for all unknown kids; a third one after the cooldown.
        expect([made, later]).toEqual([2, 3]);
        expectInvariant(arena);
      },
    );
  });
}

function share(some: readonly Answered[], all: readonly Answered[]): string {
  return `${(100 * some.length) / all.length} %`;
}
