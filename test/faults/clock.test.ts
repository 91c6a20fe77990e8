import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { withoutJitter } from '../../packages/core/test/support-network/without-jitter.js';
import { type FaultArena, freshSeconds, openFaultArena } from './arena.js';
import { harnesses } from './harnesses.js';
import { expectInvariant } from './invariant.js';
import { retry } from './plays.js';
import { watchProcess } from './unhandled.js';

watchProcess();
withoutJitter();

const minute = 60;
const hour = 3600;
const tolerance = 30;

/** A shift of the wall clock, and the status for a token that was minted now for one minute. */
const shifts = [
  { name: '+30 s', seconds: 30, short: 200 },
  { name: '-30 s', seconds: -30, short: 200 },
  { name: '+5 min', seconds: 5 * minute, short: 401 },
  { name: '-5 min', seconds: -5 * minute, short: 401 },
  { name: 'back 1 h', seconds: -hour, short: 401 },
] as const;

for (const harness of harnesses) {
  describe(`${harness.name}: a wall clock that is wrong`, () => {
    let arena: FaultArena;
    /** The error of the application's wall clock; the issuer's clock is right. */
    let wrongBySeconds: number;

    beforeEach(async () => {
      wrongBySeconds = 0;
      arena = await openFaultArena(harness, ({ clock }) => ({
        options: { clock: { now: () => clock.now() + wrongBySeconds * 1000, monotonic: () => clock.monotonic() } },
      }));
    });

    afterEach(() => arena.close());

    /**
     * A token that was minted two hours ago for a day, and one that was minted now for a minute.
     */
    async function tokens(): Promise<{ long: string; short: string }> {
      const iat = Math.floor(arena.clock.now() / 1000) - 2 * hour;
      return {
        long: await arena.issuer.token({ claims: { iat, exp: iat + 24 * hour } }),
        short: await arena.issuer.token({ expiresInSeconds: minute }),
      };
    }

    async function statusOf(token: string): Promise<number> {
      return (await arena.send(token, true)).status;
    }

    it.for(shifts)(
      'a wall clock of $name with keys cached changes no interval, and expiry is checked at decision time (D-24)',
      async ({ name, seconds, short: expected }, { task }) => {
        const { long, short } = await tokens();
        const right = [await statusOf(long), await statusOf(short)];
        await arena.sendForged();
        const before = arena.keys.heads.length;
        wrongBySeconds = seconds;
        const wrong = [await statusOf(long), await statusOf(short)];
        // Neither the age of the key set nor the cooldown has changed.
        await arena.sendForged();
        const unmoved = arena.keys.heads.length;
        wrongBySeconds = 0;
        const again = [await statusOf(long), await statusOf(short)];
        arena.clock.advance(freshSeconds);
        await statusOf(long);
        const due = arena.keys.heads.length;
        const seen = `long-lived ${wrong[0]}, for a minute ${wrong[1]}; set right ${again.join(' ')}; ${before} fetches before, ${unmoved} meanwhile, ${due} when due`;
        task.meta.fault = { fault: `clock ${name}`, column: 'cached', harness: harness.name, seen };
        expect([right, wrong, again]).toEqual([
          [200, 200],
          [200, expected],
          [200, 200],
        ]);
        expect([before, unmoved, due]).toEqual([2, 2, 3]);
        expectInvariant(arena, true);
      },
    );

    it('with a wall clock of +2 h, cached keys are too old, are fetched at once, and no request fails (D-16)', async ({
      task,
    }) => {
      const { long } = await tokens();
      const right = await statusOf(long);
      wrongBySeconds = 2 * hour;
      const wrong = [await statusOf(long), await statusOf(long)];
      const fetched = arena.keys.heads.length;
      wrongBySeconds = 0;
      arena.clock.advance(freshSeconds * 0.8 - 1);
      const again = await statusOf(long);
      const before = arena.keys.heads.length;
      arena.clock.advance(freshSeconds * 0.2 + 1);
      await statusOf(long);
      const due = arena.keys.heads.length;
      const seen = `long-lived ${wrong.join(' ')}; set right ${again}; ${fetched} fetches, ${before} until due, ${due} when due`;
      task.meta.fault = { fault: 'clock +2 h', column: 'cached', harness: harness.name, seen };
      expect([right, wrong, again, fetched, before, due]).toEqual([200, [200, 200], 200, 2, 2, 3]);
      expectInvariant(arena, true);
    });

    it('after a suspend of 2 h without monotonic time, a key that was withdrawn meanwhile is refused (D-16)', async ({
      task,
    }) => {
      const { long } = await tokens();
      const before = await statusOf(long);
      const { kid } = await arena.issuer.keys.current();
      await arena.issuer.keys.rotate();
      arena.issuer.keys.withdraw(kid);
      // By the monotonic clock alone the cached key would be fresh for another 600 s.
      wrongBySeconds = 2 * hour;
      const removed = (await arena.send(long, false)).status;
      const fresh = await statusOf((await tokens()).long);
      const seen = `removed key ${removed}, new key ${fresh}, ${arena.keys.heads.length} fetches`;
      task.meta.fault = { fault: 'suspend for 2 h', column: 'cached', harness: harness.name, seen };
      expect([before, removed, fresh]).toEqual([200, 401, 200]);
      expectInvariant(arena, true);
    });

    it('with a wall clock of +2 h and the issuer unreachable, cached keys are too old: 503 (D-18)', async ({
      task,
    }) => {
      const { long } = await tokens();
      const right = await statusOf(long);
      arena.setFault({ reply: (socket) => socket.resetAndDestroy() });
      wrongBySeconds = 2 * hour;
      const { status } = await arena.send(long, true);
      task.meta.fault = {
        fault: 'clock +2 h, issuer down',
        column: 'cached',
        harness: harness.name,
        seen: `${status}`,
      };
      expect([right, status]).toEqual([200, 503]);
      expectInvariant(arena);
    });

    it.for(shifts)(
      'a wall clock of $name with nothing cached: keys are fetched, and expiry is checked at decision time [RS-7519-4.1.4-a]',
      async ({ name, seconds, short: expected }, { task }) => {
        const { long, short } = await tokens();
        wrongBySeconds = seconds;
        const wrong = [await statusOf(long), await statusOf(short)];
        wrongBySeconds = 0;
        const again = [await statusOf(long), await statusOf(short)];
        arena.clock.advance(minute + tolerance - 1);
        const last = await statusOf(short);
        arena.clock.advance(1);
        const expired = [await statusOf(long), await statusOf(short)];
        const seen = `long-lived ${wrong[0]}, for a minute ${wrong[1]}; set right ${again.join(' ')}, at expiry ${expired.join(' ')}`;
        task.meta.fault = { fault: `clock ${name}`, column: 'cold', harness: harness.name, seen };
        expect([wrong, again, expired]).toEqual([
          [200, expected],
          [200, 200],
          [200, 401],
        ]);
        // When the clock is set right from one hour back, the keys are an hour old by the wall
        // clock.
        expect([last, arena.keys.heads.length]).toEqual([200, seconds === -hour ? 2 : 1]);
        expectInvariant(arena, true);
      },
    );

    it.for(shifts)(
      'a wall clock of $name during an outage neither shortens nor lengthens the back-off (D-18)',
      async ({ name, seconds }, { task }) => {
        arena.setFault({ reply: (socket) => socket.resetAndDestroy() });
        const first = await arena.sendGood();
        wrongBySeconds = seconds;
        const during = await arena.send((await tokens()).long, true);
        const tries = arena.keys.heads.length;
        await arena.clearFault();
        arena.clock.advance(1);
        const back = (await arena.send((await tokens()).long, true)).status;
        const seen = `${first.status}${retry(first)}, meanwhile ${during.status}${retry(during)} (${tries} fetch), back ${back} after it`;
        task.meta.fault = { fault: `clock ${name}, in a back-off`, column: 'cold', harness: harness.name, seen };
        expect([first.status, during.status, back]).toEqual([503, 503, 200]);
        expect([first.retryAfter, during.retryAfter, tries]).toEqual([1, 1, 1]);
        expectInvariant(arena);
      },
    );
  });
}
