import { generateKeyPairSync } from 'node:crypto';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { withoutJitter } from '../../packages/core/test/support-network/without-jitter.js';
import { partsOf, signerOf, signSegments } from '../attacks/support/jws-builder.js';
import { type Answered, type FaultArena, openFaultArena } from './arena.js';
import { harnesses } from './harnesses.js';
import { expectInvariant } from './invariant.js';
import { watchProcess } from './unhandled.js';

watchProcess();
withoutJitter();

const atOnce = 60;

/** The next key pair of the issuer, published under the kid of the previous one. */
function nextKey(kid: string): { jwk: object; sign: (token: string) => string } {
  const { publicKey, privateKey } = generateKeyPairSync('ec', { namedCurve: 'P-256' });
  const signer = signerOf('ES256', privateKey);
  return {
    jwk: { ...publicKey.export({ format: 'jwk' }), kid, alg: 'ES256', use: 'sig' },
    sign(token) {
      const { header, payload } = partsOf(token);
      return signSegments(header, payload, signer);
    },
  };
}

function statuses(answers: readonly Answered[]): number[] {
  return [...new Set(answers.map(({ status }) => status))].sort();
}

for (const harness of harnesses) {
  describe(`${harness.name}: an issuer that replaces its key and keeps the kid`, { timeout: 60_000 }, () => {
    let arena: FaultArena;
    /** A token that the first key signed, which is cached. */
    let old: string;
    let next: ReturnType<typeof nextKey>;

    beforeEach(async () => {
      arena = await openFaultArena(harness);
      old = await arena.good();
      expect((await arena.send(old, true)).status).toBe(200);
      next = nextKey((await arena.issuer.keys.current()).kid);
    });

    afterEach(() => arena.close());

    const renewed = async () => next.sign(await arena.good());
    const forged = async () => arena.issuer.bad.foreignSignature({ expiresInSeconds: 24 * 3600 });
    const send = (count: number, token: string, isGood: boolean) =>
      Promise.all(Array.from({ length: count }, () => arena.send(token, isGood)));

    it('when the issuer replaces a key and keeps its kid, tokens of the new key are accepted at once and tokens of the old key are refused (D-17)', async ({
      task,
    }) => {
      arena.publish(() => ({ keys: [next.jwk] }));
      const token = await renewed();
      const fresh = await send(atOnce, token, true);
      const removed = await send(atOnce, old, false);
      const fetches = arena.keys.heads.length;
      const seen = `new key ${statuses(fresh)}, old key ${statuses(removed)}, ${fetches} fetches`;
      task.meta.fault = { fault: 'rotation that keeps the kid', column: 'cached', harness: harness.name, seen };
      expect([statuses(fresh), statuses(removed), fetches]).toEqual([[200], [401], 2]);
      expectInvariant(arena);
    });

    it('1200 forged signatures cause one fetch per cooldown, and all valid requests are accepted (D-17)', async ({
      task,
    }) => {
      const [refused, good]: [Answered[], Answered[]] = [[], []];
      const token = await forged();
      for (let wave = 0; wave < 20; wave++) {
        const [bad, among] = await Promise.all([send(atOnce, token, false), send(4, old, true)]);
        refused.push(...bad);
        good.push(...among);
      }
      const made = arena.keys.heads.length;
      arena.clock.advance(30);
      await send(2, token, false);
      const later = arena.keys.heads.length;
      const seen = `forged ${statuses(refused)}, good ${statuses(good)}, ${made} fetches, ${later} after 30 s`;
      task.meta.fault = { fault: '1200 forged signatures', column: 'cached', harness: harness.name, seen };
      expect([statuses(refused), statuses(good), made, later]).toEqual([[401], [200], 2, 3]);
      expectInvariant(arena);
    });

    it('when the fetch after a failed signature fails, the first request gets 503, no waiting request gets 200, later requests get 401 (D-17)', async ({
      task,
    }) => {
      arena.setFault({ reply: (socket) => socket.resetAndDestroy() });
      const token = await renewed();
      const [first, joined, cached] = await Promise.all([
        arena.send(token, false),
        send(4, token, false),
        send(4, old, true),
      ]);
      const later = await send(4, token, false);
      const fetches = arena.keys.heads.length;
      const seen = `waited ${statuses([first, ...joined])}, later ${statuses(later)}, old key ${statuses(cached)}, ${fetches} fetches`;
      task.meta.fault = { fault: 'a forced fetch that fails', column: 'cached', harness: harness.name, seen };
      expect([first.status, statuses(later), statuses(cached), fetches]).toEqual([503, [401], [200], 2]);
      // A joined request gets 503 if it waits for the fetch, and 401 if it arrives after the fetch
      // has failed.
      expect(statuses(joined)).not.toContain(200);
      expectInvariant(arena);
    });
  });
}
