import { once } from 'node:events';
import type { Socket } from 'node:net';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { answer } from '../../packages/core/test/support-network/scripted-server.js';
import { withoutJitter } from '../../packages/core/test/support-network/without-jitter.js';
import { open } from '../suite/wire.js';
import { type FaultArena, flushEvents, openFaultArena, until } from './arena.js';
import { portOf, withToken } from './client.js';
import { socketHarnesses } from './harnesses.js';
import { openIntrospection } from './introspection-arena.js';
import { expectInvariant } from './invariant.js';
import { watchProcess } from './unhandled.js';

watchProcess();
withoutJitter();

/** Holds every reply of the server back. The returned function sends all of them at once. */
function hold(arena: FaultArena): () => void {
  const waiting: (() => void)[] = [];
  arena.setFault({
    reply(socket, set) {
      waiting.push(() => socket.end(answer(200, {}, set)));
    },
  });
  return () => {
    for (const send of waiting.splice(0)) send();
  };
}

async function clientThatLeaves(arena: FaultArena): Promise<Socket> {
  return open(portOf(arena.running), withToken(await arena.good()));
}

async function leave(socket: Socket): Promise<void> {
  socket.resetAndDestroy();
  await once(socket, 'close');
  await flushEvents();
}

/**
 * Ten clients disconnect while they wait; then the server replies, and one more request is sent.
 */
async function tenLeave(arena: FaultArena, release: () => void): Promise<{ ran: number; next: number }> {
  const clients = await Promise.all(Array.from({ length: 10 }, () => clientThatLeaves(arena)));
  await until(() => arena.keys.heads.length === 1);
  await Promise.all(clients.map(leave));
  const ran = arena.running.handled();
  release();
  await arena.clearFault();
  return { ran, next: (await arena.sendGood()).status };
}

for (const harness of socketHarnesses) {
  describe(`${harness.name}: clients that disconnect during a key fetch`, () => {
    let arena: FaultArena;
    /** Replies to the key fetches in flight. */
    let release: () => void;

    beforeEach(async () => {
      arena = await openFaultArena(harness);
      release = hold(arena);
    });

    afterEach(() => arena.close());

    it('when the client that started a key fetch disconnects, the other clients are served (D-16)', async ({
      task,
    }) => {
      const first = await clientThatLeaves(arena);
      await until(() => arena.keys.heads.length === 1);
      const others = Array.from({ length: 10 }, () => arena.sendGood());
      const last = await clientThatLeaves(arena);
      await flushEvents();
      await leave(first);
      await leave(last);
      release();
      const statuses = (await Promise.all(others)).map(({ status }) => status);
      const seen = `others ${[...new Set(statuses)].join(' ')}, ${arena.keys.heads.length} fetch, handlers ${arena.running.handled()} of 12`;
      task.meta.fault = { fault: 'client abort during a key fetch', column: 'cold', harness: harness.name, seen };
      expect(statuses).toEqual(others.map(() => 200));
      expect(arena.keys.heads).toHaveLength(1);
      expectInvariant(arena);
    });

    it('when all clients disconnect during a key fetch, the next request uses its keys (D-16)', async ({ task }) => {
      const { ran, next } = await tenLeave(arena, release);
      const seen = `next ${next}, ${arena.keys.heads.length} fetch, handlers ${ran} of 10`;
      task.meta.fault = { fault: 'abort by every client', column: 'cold', harness: harness.name, seen };
      expect([next, ran, arena.keys.heads.length]).toEqual([200, 0, 1]);
      expectInvariant(arena);
    });

    it('when a client disconnects during a forced fetch, requests with a cached key succeed (D-16)', async ({
      task,
    }) => {
      release();
      await arena.clearFault();
      expect((await arena.sendGood()).status).toBe(200);
      arena.setFault({ reply: () => {} });
      const unknown = await arena.issuer.bad.unknownKey();
      const client = open(portOf(arena.running), withToken(unknown));
      await until(() => arena.keys.heads.length === 2);
      const meanwhile = (await arena.sendGood()).status;
      await leave(client);
      const afterwards = (await arena.sendGood()).status;
      const seen = `others ${meanwhile} while it waits, ${afterwards} after, handlers ${arena.running.handled()} of 4`;
      task.meta.fault = { fault: 'client abort during a key fetch', column: 'cached', harness: harness.name, seen };
      expect([meanwhile, afterwards]).toEqual([200, 200]);
      expectInvariant(arena);
    });
  });

  describe(`${harness.name}: clients that disconnect during an introspection call`, () => {
    let arena: FaultArena;
    /** Replies to the calls in flight. */
    let release: () => void;

    beforeEach(async () => {
      arena = await openIntrospection(harness, {}, { isCaching: true });
      release = hold(arena);
    });

    afterEach(() => arena.close());

    it('when the client that started an introspection call disconnects, the others are served (D-22)', async ({
      task,
    }) => {
      const first = await clientThatLeaves(arena);
      await until(() => arena.keys.heads.length === 1);
      const others = Array.from({ length: 10 }, () => arena.sendGood());
      await flushEvents();
      await leave(first);
      release();
      const statuses = (await Promise.all(others)).map(({ status }) => status);
      const seen = `others ${[...new Set(statuses)].join(' ')}, ${arena.keys.heads.length} call, handlers ${arena.running.handled()} of 11`;
      const fault = 'client abort during an introspection call';
      task.meta.fault = { fault, column: 'cold', harness: harness.name, seen };
      expect(statuses).toEqual(others.map(() => 200));
      expect(arena.keys.heads).toHaveLength(1);
      expectInvariant(arena);
    });

    it('when all clients disconnect during an introspection call, the next request uses its answer (D-22)', async ({
      task,
    }) => {
      const { ran, next } = await tenLeave(arena, release);
      const seen = `next ${next}, ${arena.keys.heads.length} call, handlers ${ran} of 10`;
      const fault = 'abort by every client, during a call';
      task.meta.fault = { fault, column: 'cold', harness: harness.name, seen };
      expect([next, ran, arena.keys.heads.length]).toEqual([200, 0, 1]);
      expectInvariant(arena);
    });
  });
}
