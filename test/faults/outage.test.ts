import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { type FaultArena, freshSeconds, openFaultArena, staleMaxSeconds } from './arena.js';
import { harnesses } from './harnesses.js';
import { expectInvariant } from './invariant.js';
import { watchProcess } from './unhandled.js';

watchProcess();

afterEach(() => {
  vi.restoreAllMocks();
});

/**
 * Steps shorter and longer than a key source keeps its last failure; both extremes of the jitter.
 */
const courses = [
  { stepSeconds: 30, random: 0 },
  { stepSeconds: 30, random: 0.999 },
  { stepSeconds: 300, random: 0 },
  { stepSeconds: 300, random: 0.999 },
] as const;

for (const harness of harnesses) {
  describe(`${harness.name}: an issuer that is unreachable after the warm-up`, () => {
    let arena: FaultArena;

    beforeEach(async () => {
      arena = await openFaultArena(harness);
    });

    afterEach(() => arena.close());

    it.for(courses)(
      'valid tokens are served until the limit, then 503, and again after one back-off: $stepSeconds s a step, jitter $random (D-18) [RS-OIDC-10.1.1-d]',
      async ({ stepSeconds, random }, { task }) => {
        vi.spyOn(Math, 'random').mockReturnValue(random);
        const limit = freshSeconds * (1 - 0.05 * random) + staleMaxSeconds;
        expect((await arena.sendGood()).status).toBe(200);
        arena.setFault({ reply: (socket) => socket.resetAndDestroy() });
        const [served, refused]: [number[], number[]] = [[], []];
        for (let passed = stepSeconds; passed < limit + 600; passed += stepSeconds) {
          arena.clock.advance(stepSeconds);
          const { status } = await arena.sendGood();
          (passed < limit ? served : refused).push(status);
          if (passed % 600 === 0) await arena.sendForged();
        }
        const last = await arena.sendGood();
        await arena.clearFault();
        arena.clock.advance(last.retryAfter ?? 0);
        const back = (await arena.sendGood()).status;
        const seen = `${describeAll(served)} until ${Math.round(limit)} s, ${describeAll(refused)} after, back ${back} after Retry-After`;
        const fault = `issuer unreachable, ${stepSeconds} s a step, ${random === 0 ? 'no' : 'most'} jitter`;
        task.meta.fault = { fault, column: 'cached', harness: harness.name, seen };
        expect(new Set(served)).toEqual(new Set([200]));
        expect(new Set([...refused, last.status])).toEqual(new Set([503]));
        expect(back).toBe(200);
        const waits = arena.answers.flatMap(({ retryAfter }) => retryAfter ?? []);
        expect(waits.filter((seconds) => !Number.isInteger(seconds) || seconds < 1 || seconds > 30)).toEqual([]);
        expectInvariant(arena);
      },
    );
  });
}

/** The distinct statuses, in order of their first occurrence. */
function describeAll(statuses: readonly number[]): string {
  return [...new Set(statuses)].join(' ');
}
