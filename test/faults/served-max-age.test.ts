import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { answer, scriptedServer } from '../../packages/core/test/support-network/scripted-server.js';
import { withoutJitter } from '../../packages/core/test/support-network/without-jitter.js';
import { type FaultArena, openFaultArena } from './arena.js';
import { harnesses } from './harnesses.js';
import { expectInvariant } from './invariant.js';
import { watchProcess } from './unhandled.js';

watchProcess();
withoutJitter();

const hour = 3600;

for (const harness of harnesses) {
  describe(`${harness.name}: a key server that sends max-age=86400`, () => {
    let arena: FaultArena;
    let fetches: () => number;

    beforeEach(async () => {
      arena = await openFaultArena(harness, async ({ issuer }) => {
        const keys = await scriptedServer((socket) => {
          socket.end(answer(200, { 'Cache-Control': 'max-age=86400' }, JSON.stringify(arena.issuer.jwks)));
        });
        fetches = () => keys.heads.length;
        return { options: { issuer: { issuer, jwksUri: `${keys.origin}/jwks` } }, close: () => keys.close() };
      });
    });

    afterEach(() => arena.close());

    it('a withdrawn key is refused after an hour at the latest (D-16)', async ({ task }) => {
      const old = await arena.good();
      const before = (await arena.send(old, true)).status;
      const { kid } = await arena.issuer.keys.current();
      await arena.issuer.keys.rotate();
      arena.issuer.keys.withdraw(kid);
      arena.clock.advance(hour);
      const removed = (await arena.send(old, false)).status;
      const fresh = (await arena.send(await arena.good(), true)).status;
      const seen = `removed key ${removed}, new key ${fresh}, ${fetches()} fetches`;
      task.meta.fault = { fault: 'max-age=86400', column: 'cached', harness: harness.name, seen };
      expect([before, removed, fresh, fetches()]).toEqual([200, 401, 200, 3]);
      expectInvariant(arena);
    });
  });
}
