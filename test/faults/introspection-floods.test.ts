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
/** The limit of concurrent introspection calls. */
const inFlight = 64;
/** The cache is so small that the flood is many times as large. */
const maxEntries = 50;
const atOnce = 60;
const garbageTokens = 3000;

for (const harness of harnesses) {
  describe(`${harness.name}: many requests with opaque tokens`, { timeout: 60_000 }, () => {
    let arena: FaultArena | undefined;

    async function open(
      ...terms: Parameters<typeof openIntrospection> extends [Harness, ...infer Rest] ? Rest : never
    ) {
      arena = await openIntrospection(harness, ...terms);
      return arena;
    }

    afterEach(() => arena?.close());

    it(`${together} concurrent requests with one opaque token make one introspection call (D-22)`, async ({ task }) => {
      // Over sockets the requests arrive in waves: later waves are served the cached answer.
      const isCaching = harness.usesSockets;
      const { sendGood, keys } = await open({}, { isCaching });
      const answers = await Promise.all(Array.from({ length: together }, () => sendGood()));
      const seen = `${countOf(answers, 200)} of ${together} 200, ${keys.heads.length} call`;
      const column = isCaching ? 'cached' : 'cold';
      task.meta.fault = { fault: `${together} requests with one token`, column, harness: harness.name, seen };
      expect([countOf(answers, 200), keys.heads.length]).toEqual([together, 1]);
    });

    it('a flood of made-up tokens evicts no cached answer, and each of them is refused (D-23)', async ({ task }) => {
      const flooded = await open({}, { isCaching: true, maxEntries });
      expect((await flooded.sendGood()).status).toBe(200);
      const [garbage, good]: [Answered[], Answered[]] = [[], []];
      while (garbage.length < garbageTokens) {
        const wave = Array.from({ length: atOnce }, (_, at) => flooded.send(`${madeUp}-${garbage.length + at}`, false));
        good.push(await flooded.sendGood());
        garbage.push(...(await Promise.all(wave)));
      }
      // A request on a connection that the endpoint was closing is sent twice.
      const callsForToken = flooded.keys.heads.filter((head) => head.includes('token=good&')).length;
      const seen = `known 200 ${countOf(good, 200)} of ${good.length}, called for ${callsForToken} time; made up 401 ${countOf(garbage, 401)} of ${garbage.length}`;
      const fault = `${garbageTokens} made-up tokens, a cache of ${maxEntries}`;
      task.meta.fault = { fault, column: 'cached', harness: harness.name, seen };
      expect([countOf(good, 200), callsForToken, countOf(garbage, 401)]).toEqual([good.length, 1, garbageTokens]);
      expectInvariant(flooded);
    });

    it('a flood that hangs holds 64 introspection calls; queued tokens are 503, cached ones are served (D-22)', async ({
      task,
    }) => {
      const flooded = await open({ isEndless: true }, { isCaching: true });
      const { keys, running } = flooded;
      expect((await flooded.sendGood()).status).toBe(200);
      await keys.allGone();
      flooded.setFault({ reply: () => {} });
      const clients = [clientOf(running), clientOf(running)];
      const flood = clients.flatMap((client, side) =>
        Array.from({ length: inFlight }, (_, at) => client.send(`${madeUp}-${side}-${at}`)),
      );
      await until(() => keys.heads.length >= 1 + inFlight);
      const [known, behind] = await Promise.all([flooded.sendGood(), flooded.send('another-good-one', true)]);
      const garbage = await Promise.all(flood);
      // After the timeouts one probe is sent; after that the circuit is open and no call is made.
      await until(() => keys.heads.length > 1 + inFlight);
      for (const client of clients) client.close();
      await flooded.clearFault();
      const calls = keys.heads.length - 1;
      flooded.clock.advance(backOff);
      const back = await flooded.send('another-good-one', true);
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
