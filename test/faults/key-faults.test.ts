import { afterEach, describe, expect, it } from 'vitest';
import { withoutJitter } from '../../packages/core/test/support-network/without-jitter.js';
import { type FaultArena, openFaultArena, shortTimeoutSeconds, timeoutSeconds } from './arena.js';
import { type Fault, faults } from './faults.js';
import { harnesses } from './harnesses.js';
import { expectInvariant } from './invariant.js';
import { expectedCached, expectedCold, limitMilliseconds, playCached, playCold } from './plays.js';
import { watchProcess } from './unhandled.js';

watchProcess();
withoutJitter();

for (const harness of harnesses) {
  describe(`${harness.name}: a key server with a fault`, () => {
    let opened: FaultArena | undefined;

    async function open({ isEndless }: Fault): Promise<FaultArena> {
      const seconds = isEndless ? shortTimeoutSeconds : timeoutSeconds;
      opened = await openFaultArena(harness, () => ({ options: { keys: { timeoutSeconds: seconds } } }));
      return opened;
    }

    afterEach(() => opened?.close());

    it.for(faults)('key server fault "$name", with keys cached (D-18) [RS-OIDC-10.1.1-d]', async (fault, { task }) => {
      const arena = await open(fault);
      const { seen, statuses, milliseconds } = await playCached(arena, fault);
      task.meta.fault = { fault: fault.name, column: 'cached', harness: harness.name, seen };
      expect(statuses).toEqual(expectedCached(fault));
      expect(milliseconds).toBeLessThan(limitMilliseconds);
      expectInvariant(arena, fault.effect === 'withdrawal');
    });

    it.for(faults)(
      'key server fault "$name", with nothing cached (D-08) [RS-OIDC-10.1.1-d]',
      async (fault, { task }) => {
        const arena = await open(fault);
        const { seen, statuses, milliseconds } = await playCold(arena, fault);
        task.meta.fault = { fault: fault.name, column: 'cold', harness: harness.name, seen };
        expect(statuses).toEqual(expectedCold(fault));
        expect(milliseconds).toBeLessThan(limitMilliseconds);
        expectInvariant(arena, fault.effect === 'withdrawal');
      },
    );
  });
}
