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

/** How far the wall clock is put forward or back, and what becomes of a token that was made this moment for one minute. */
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
    /** How wrong the application's wall clock is; the issuer's is right. */
    let wrongBySeconds: number;

    beforeEach(async () => {
      wrongBySeconds = 0;
      arena = await openFaultArena(harness, ({ clock }) => ({
        options: { clock: { now: () => clock.now() + wrongBySeconds * 1000, monotonic: () => clock.monotonic() } },
      }));
    });

    afterEach(() => arena.close());

    /** A token of two hours ago for a day, and one of this moment for a minute. */
    async function tokens(): Promise<{ long: string; short: string }> {
      const iat = Math.floor(arena.clock.now() / 1000) - 2 * hour;
      return {
        long: await arena.issuer.token({ claims: { iat, exp: iat + 24 * hour } }),
        short: await arena.issuer.token({ expiresInSeconds: minute }),
      };
    }

    async function statusOf(token: string): Promise<number> {
      return (await arena.ask(token, true)).status;
    }

    it.for(shifts)(
      'D-24: $name, with keys cached: intervals are unmoved, and expiry is judged at decision time',
      async ({ name, seconds, short: expected }, { task }) => {
        const { long, short } = await tokens();
        const right = [await statusOf(long), await statusOf(short)];
        await arena.askForged();
        const before = arena.keys.heads.length;
        wrongBySeconds = seconds;
        const wrong = [await statusOf(long), await statusOf(short)];
        // Neither the set's time nor the cooldown has moved.
        await arena.askForged();
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

    it('+2 h, with keys cached: they are too old and fetched again at once, and no request fails (D-16)', async ({
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

    it('suspended for 2 h while the monotonic clock stood still: a key withdrawn meanwhile is refused (D-16)', async ({
      task,
    }) => {
      const { long } = await tokens();
      const before = await statusOf(long);
      const { kid } = await arena.issuer.keys.current();
      await arena.issuer.keys.rotate();
      arena.issuer.keys.withdraw(kid);
      // The cache would serve the key for another 600 s of the monotonic clock.
      wrongBySeconds = 2 * hour;
      const removed = (await arena.ask(long, false)).status;
      const fresh = await statusOf((await tokens()).long);
      const seen = `removed key ${removed}, new key ${fresh}, ${arena.keys.heads.length} fetches`;
      task.meta.fault = { fault: 'suspend for 2 h', column: 'cached', harness: harness.name, seen };
      expect([before, removed, fresh]).toEqual([200, 401, 200]);
      expectInvariant(arena, true);
    });

    it('+2 h, while the issuer is out of reach: cached keys are too old, and requests are 503 (D-18)', async ({
      task,
    }) => {
      const { long } = await tokens();
      const right = await statusOf(long);
      arena.suffer({ reply: (socket) => socket.resetAndDestroy() });
      wrongBySeconds = 2 * hour;
      const { status } = await arena.ask(long, true);
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
      '[RS-7519-4.1.4-a] $name, with nothing cached: keys are fetched, and expiry is judged at decision time',
      async ({ name, seconds, short: expected }, { task }) => {
        const { long, short } = await tokens();
        wrongBySeconds = seconds;
        const wrong = [await statusOf(long), await statusOf(short)];
        wrongBySeconds = 0;
        const again = [await statusOf(long), await statusOf(short)];
        arena.clock.advance(minute + tolerance - 1);
        const last = await statusOf(short);
        arena.clock.advance(1);
        const over = [await statusOf(long), await statusOf(short)];
        const seen = `long-lived ${wrong[0]}, for a minute ${wrong[1]}; set right ${again.join(' ')}, at expiry ${over.join(' ')}`;
        task.meta.fault = { fault: `clock ${name}`, column: 'cold', harness: harness.name, seen };
        expect([wrong, again, over]).toEqual([
          [200, expected],
          [200, 200],
          [200, 401],
        ]);
        // Set right from one hour back, the wall clock says that the keys are an hour old.
        expect([last, arena.keys.heads.length]).toEqual([200, seconds === -hour ? 2 : 1]);
        expectInvariant(arena, true);
      },
    );

    it.for(shifts)(
      'D-18: $name, during an outage: neither does the back-off end early nor does it grow',
      async ({ name, seconds }, { task }) => {
        arena.suffer({ reply: (socket) => socket.resetAndDestroy() });
        const first = await arena.askGood();
        wrongBySeconds = seconds;
        const during = await arena.ask((await tokens()).long, true);
        const tries = arena.keys.heads.length;
        await arena.heal();
        arena.clock.advance(1);
        const back = (await arena.ask((await tokens()).long, true)).status;
        const seen = `${first.status}${retry(first)}, meanwhile ${during.status}${retry(during)} (${tries} fetch), back ${back} after it`;
        task.meta.fault = { fault: `clock ${name}, in a back-off`, column: 'cold', harness: harness.name, seen };
        expect([first.status, during.status, back]).toEqual([503, 503, 200]);
        expect([first.retryAfter, during.retryAfter, tries]).toEqual([1, 1, 1]);
        expectInvariant(arena);
      },
    );
  });
}
