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
import {
  expectedWithCache,
  expectedWithoutCache,
  madeUp,
  playWithCache,
  playWithoutCache,
} from './introspection-plays.js';
import { expectInvariant } from './invariant.js';
import { limitMilliseconds, retry } from './plays.js';
import { watchProcess } from './unhandled.js';

watchProcess();
withoutJitter();

/** Addresses at which no introspection endpoint can be reached. */
const targets: readonly { readonly name: string; open(): Promise<string> }[] = [
  {
    name: 'connection refused',
    async open() {
      const server = await scriptedServer(() => {});
      await server.close();
      return `${server.origin}/introspect`;
    },
  },
  {
    name: 'TLS: a certificate of an unknown authority',
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

    async function open(fault: Fault, isCaching: boolean): Promise<FaultArena> {
      opened = await openIntrospection(harness, fault, { isCaching });
      return opened;
    }

    afterEach(() => opened?.close());

    it.for(introspectionFaults)(
      'introspection fault "$name", with an answer cached (D-23)',
      async (fault, { task }) => {
        const arena = await open(fault, true);
        const { seen, statuses, milliseconds } = await playWithCache(arena, fault);
        task.meta.fault = { fault: fault.name, column: 'cached', harness: harness.name, seen };
        expect(statuses).toEqual(expectedWithCache(fault));
        expect(milliseconds).toBeLessThan(limitMilliseconds);
        expectInvariant(arena);
      },
    );

    it.for(introspectionFaults)(
      'introspection fault "$name", with nothing cached (D-08, D-22)',
      async (fault, { task }) => {
        const arena = await open(fault, false);
        const { seen, statuses, milliseconds } = await playWithoutCache(arena, fault);
        task.meta.fault = { fault: fault.name, column: 'cold', harness: harness.name, seen };
        expect(statuses).toEqual(expectedWithoutCache(fault));
        expect(milliseconds).toBeLessThan(limitMilliseconds);
        expectInvariant(arena);
      },
    );

    it.for(targets)(
      'with an unreachable introspection endpoint ($name) requests are 503 (D-08) [RS-7662-4-e]',
      async (target, { task }) => {
        const arena = await openIntrospection(harness, {}, { isCaching: false, endpoint: await target.open() });
        opened = arena;
        const first = await arena.sendGood();
        const forged = (await arena.send(madeUp, false)).status;
        const seen = `${first.status}${retry(first)} (made up ${forged})`;
        task.meta.fault = { fault: target.name, column: 'cold', harness: harness.name, seen };
        expect([first.status, forged]).toEqual([503, 503]);
        expectInvariant(arena);
      },
    );
  });
}
