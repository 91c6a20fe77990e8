import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { expectInvariant, type FaultArena, freshSeconds, harnesses, openFaultArena, staleMaxSeconds } from './arena.js';
import { type Fault, faults } from './faults.js';
import { watchProcess } from './unhandled.js';

watchProcess();

let arena: FaultArena;

beforeEach(() => {
  // No jitter, and the shortest back-off.
  vi.spyOn(Math, 'random').mockReturnValue(0);
});

afterEach(() => {
  vi.restoreAllMocks();
});

/** Longer than any back-off, an issuer's own Retry-After included. */
const backOff = 121;

for (const harness of harnesses) {
  describe(`${harness.name}: a key server with a fault, with keys cached`, () => {
    beforeEach(async () => {
      arena = await openFaultArena(harness);
    });

    it.for(faults)('[RS-OIDC-10.1.1-d] D-18: $name', async (fault, { task }) => {
      expect((await arena.askGood()).status).toBe(200);
      arena.suffer(fault);
      arena.clock.advance(freshSeconds * 0.8);
      const due = (await arena.askGood()).status;
      arena.clock.advance(freshSeconds * 0.2);
      const past = (await arena.askGood()).status;
      const [unknownKid, foreign] = (await arena.askForged()).map(({ status }) => status);
      arena.clock.advance(staleMaxSeconds);
      const end = await arena.askGood();
      await arena.heal();
      arena.clock.advance(backOff);
      const back = (await arena.askGood()).status;
      const seen = `due ${due}, past ${past} (forged ${unknownKid} ${foreign}), +1 h ${end.status}${retry(end)}, back ${back}`;
      task.meta.fault = { fault: fault.name, column: 'cached', harness: harness.name, seen };
      expect({ due, past, unknownKid, foreign, end: end.status, back }).toEqual(expectedCached(fault));
      expectInvariant(arena, fault.effect === 'withdrawal');
      await arena.close();
    });
  });

  describe(`${harness.name}: a key server with a fault, with nothing cached`, () => {
    beforeEach(async () => {
      arena = await openFaultArena(harness);
    });

    it.for(faults)('[RS-OIDC-10.1.1-d] D-08: $name', async (fault, { task }) => {
      arena.suffer(fault);
      const started = performance.now();
      const first = await arena.askGood();
      const elapsed = performance.now() - started;
      const [unknownKid, foreign] = (await arena.askForged()).map(({ status }) => status);
      await arena.heal();
      arena.clock.advance(backOff);
      const back = (await arena.askGood()).status;
      const seen = `${first.status}${retry(first)} (forged ${unknownKid} ${foreign}), back ${back}`;
      task.meta.fault = { fault: fault.name, column: 'cold', harness: harness.name, seen };
      expect({ first: first.status, unknownKid, foreign, back }).toEqual(expectedCold(fault));
      expect(elapsed).toBeLessThan(3000);
      expectInvariant(arena, fault.effect === 'withdrawal');
      await arena.close();
    });
  });
}

function retry({ retryAfter }: { readonly retryAfter: number | undefined }): string {
  return retryAfter === undefined ? '' : ` Retry-After ${retryAfter}`;
}

function expectedCached({ effect }: Fault): Record<string, number> {
  if (effect === 'outage') return { due: 200, past: 200, unknownKid: 503, foreign: 401, end: 503, back: 200 };
  if (effect === 'none') return { due: 200, past: 200, unknownKid: 401, foreign: 401, end: 200, back: 200 };
  return { due: 200, past: 401, unknownKid: 401, foreign: 401, end: 401, back: 200 };
}

function expectedCold({ effect }: Fault): Record<string, number> {
  if (effect === 'outage') return { first: 503, unknownKid: 503, foreign: 503, back: 200 };
  if (effect === 'none') return { first: 200, unknownKid: 401, foreign: 401, back: 200 };
  return { first: 401, unknownKid: 401, foreign: 401, back: 200 };
}
