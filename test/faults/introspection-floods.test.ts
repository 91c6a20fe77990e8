import { afterEach, describe, expect, it } from 'vitest';
import { withoutJitter } from '../../packages/core/test/support-network/without-jitter.js';
import type { Harness } from '../suite/harness.js';
import { type Answered, type FaultArena, until } from './arena.js';
import { clientOf } from './client.js';
import { harnesses } from './harnesses.js';
import { openIntrospection } from './introspection-arena.js';
import { madeUp } from './introspection-plays.js';
import { expectInvariant } from './invariant.js';
import { backOff, retry } from './plays.js';
import { watchProcess } from './unhandled.js';

watchProcess();
withoutJitter();

const together = 1000;
/** Calls that are under way at a time, and no more. */
const inFlight = 64;
/** So few answers of either kind are remembered that the flood is many times as large. */
const maxEntries = 50;
const atOnce = 60;
const garbageTokens = 3000;

for (const harness of harnesses) {
  describe(`${harness.name}: many opaque tokens`, { timeout: 60_000 }, () => {
    let arena: FaultArena | undefined;

    async function open(
      ...terms: Parameters<typeof openIntrospection> extends [Harness, ...infer Rest] ? Rest : never
    ) {
      arena = await openIntrospection(harness, ...terms);
      return arena;
    }

    afterEach(() => arena?.close());

    it(`D-22: ${together} requests with one token are one call`, async ({ task }) => {
      // Over sockets they come in waves: the answer to the first is what the next ones are told.
      const isRemembering = harness.usesSockets;
      const { askGood, keys } = await open({}, { isRemembering });
      const answers = await Promise.all(Array.from({ length: together }, () => askGood()));
      const seen = `${countOf(answers, 200)} of ${together} 200, ${keys.heads.length} call`;
      const column = isRemembering ? 'cached' : 'cold';
      task.meta.fault = { fault: `${together} requests with one token`, column, harness: harness.name, seen };
      expect([countOf(answers, 200), keys.heads.length]).toEqual([together, 1]);
    });

    it('D-23: no flood of made-up tokens pushes out an answer, and each of them is refused', async ({ task }) => {
      const flooded = await open({}, { isRemembering: true, maxEntries });
      expect((await flooded.askGood()).status).toBe(200);
      const [garbage, good]: [Answered[], Answered[]] = [[], []];
      while (garbage.length < garbageTokens) {
        const wave = Array.from({ length: atOnce }, (_, at) => flooded.ask(`${madeUp}-${garbage.length + at}`, false));
        good.push(await flooded.askGood());
        garbage.push(...(await Promise.all(wave)));
      }
      // What met a connection that the endpoint was just closing was sent twice.
      const asked = flooded.keys.heads.filter((head) => head.includes('token=good&')).length;
      const seen = `known 200 ${countOf(good, 200)} of ${good.length}, asked about ${asked} time; made up 401 ${countOf(garbage, 401)} of ${garbage.length}`;
      const fault = `${garbageTokens} made-up tokens, ${maxEntries} remembered`;
      task.meta.fault = { fault, column: 'cached', harness: harness.name, seen };
      expect([countOf(good, 200), asked, countOf(garbage, 401)]).toEqual([good.length, 1, garbageTokens]);
      expectInvariant(flooded);
    });

    it('D-22: a flood that is never answered holds 64 calls; who waits behind it is 503, and who is known is served', async ({
      task,
    }) => {
      const flooded = await open({ isEndless: true }, { isRemembering: true });
      const { keys, running } = flooded;
      expect((await flooded.askGood()).status).toBe(200);
      await keys.allGone();
      flooded.suffer({ reply: () => {} });
      const clients = [clientOf(running), clientOf(running)];
      const flood = clients.flatMap((client, side) =>
        Array.from({ length: inFlight }, (_, at) => client.ask(`${madeUp}-${side}-${at}`)),
      );
      await until(() => keys.heads.length >= 1 + inFlight);
      const [known, behind] = await Promise.all([flooded.askGood(), flooded.ask('another-good-one', true)]);
      const garbage = await Promise.all(flood);
      // One sees how the endpoint is, from the moment on at which they give up; then nobody asks.
      await until(() => keys.heads.length > 1 + inFlight);
      for (const client of clients) client.close();
      await flooded.heal();
      const calls = keys.heads.length - 1;
      flooded.clock.advance(backOff);
      const back = await flooded.ask('another-good-one', true);
      const seen = `known ${known.status}, behind it ${behind.status}${retry(behind)} (made up ${[...new Set(garbage.map(({ status }) => status))]}), ${calls} calls, back ${back.status}`;
      const fault = `${flood.length} made-up tokens that hang`;
      task.meta.fault = { fault, column: 'cached', harness: harness.name, seen };
      expect([known.status, behind.status, back.status]).toEqual([200, 503, 200]);
      expect(countOf(garbage, 503)).toBe(flood.length);
      expect(calls).toBe(inFlight + 1);
      expectInvariant(flooded);
    });
  });
}

function countOf(answers: readonly Pick<Answered, 'status'>[], status: number): number {
  return answers.filter((one) => one.status === status).length;
}
