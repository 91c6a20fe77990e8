import { createServer } from 'node:https';
import type { AddressInfo } from 'node:net';
import { afterEach, describe, expect, it, onTestFinished } from 'vitest';
import { scriptedServer } from '../../packages/core/test/support-network/scripted-server.js';
import { selfSignedCertificate } from '../../packages/core/test/support-network/self-signed.js';
import { withoutJitter } from '../../packages/core/test/support-network/without-jitter.js';
import type { FaultArena } from './arena.js';
import type { Fault } from './faults.js';
import { harnesses } from './harnesses.js';
import { openIntrospection } from './introspection-arena.js';
import { introspectionFaults } from './introspection-faults.js';
import { expectedForgetful, expectedRemembered, madeUp, playForgetful, playRemembered } from './introspection-plays.js';
import { expectInvariant } from './invariant.js';
import { patienceMilliseconds, retry } from './plays.js';
import { watchProcess } from './unhandled.js';

watchProcess();
withoutJitter();

/** Places where no endpoint can be asked. */
const places: readonly { readonly name: string; open(): Promise<string> }[] = [
  {
    name: 'connection refused',
    async open() {
      const server = await scriptedServer(() => {});
      await server.close();
      return `${server.origin}/introspect`;
    },
  },
  {
    name: 'TLS: a certificate nobody vouches for',
    async open() {
      const server = createServer(selfSignedCertificate(), (_, response) => response.end('{"active":true}'));
      await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
      onTestFinished(() => void server.close());
      return `https://localhost:${(server.address() as AddressInfo).port}/introspect`;
    },
  },
];

for (const harness of harnesses) {
  describe(`${harness.name}: an introspection endpoint with a fault`, () => {
    let opened: FaultArena | undefined;

    async function open(fault: Fault, isRemembering: boolean): Promise<FaultArena> {
      opened = await openIntrospection(harness, fault, { isRemembering });
      return opened;
    }

    afterEach(() => opened?.close());

    it.for(introspectionFaults)('D-23: $name, with an answer remembered', async (fault, { task }) => {
      const arena = await open(fault, true);
      const { seen, statuses, milliseconds } = await playRemembered(arena, fault);
      task.meta.fault = { fault: fault.name, column: 'cached', harness: harness.name, seen };
      expect(statuses).toEqual(expectedRemembered(fault));
      expect(milliseconds).toBeLessThan(patienceMilliseconds);
      expectInvariant(arena);
    });

    it.for(introspectionFaults)('D-08, D-22: $name, with nothing remembered', async (fault, { task }) => {
      const arena = await open(fault, false);
      const { seen, statuses, milliseconds } = await playForgetful(arena, fault);
      task.meta.fault = { fault: fault.name, column: 'cold', harness: harness.name, seen };
      expect(statuses).toEqual(expectedForgetful(fault));
      expect(milliseconds).toBeLessThan(patienceMilliseconds);
      expectInvariant(arena);
    });

    it.for(places)('[RS-7662-4-e] D-08: $name', async (place, { task }) => {
      const arena = await openIntrospection(harness, {}, { isRemembering: false, endpoint: await place.open() });
      opened = arena;
      const first = await arena.askGood();
      const forged = (await arena.ask(madeUp, false)).status;
      const seen = `${first.status}${retry(first)} (made up ${forged})`;
      task.meta.fault = { fault: place.name, column: 'cold', harness: harness.name, seen };
      expect([first.status, forged]).toEqual([503, 503]);
      expectInvariant(arena);
    });
  });
}
