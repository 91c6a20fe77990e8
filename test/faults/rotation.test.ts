import { SignJWT } from 'jose';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { withoutJitter } from '../../packages/core/test/support-network/without-jitter.js';
import { type Answered, type FaultArena, freshSeconds, openFaultArena } from './arena.js';
import { harnesses } from './harnesses.js';
import { expectInvariant } from './invariant.js';
import { watchProcess } from './unhandled.js';

watchProcess();
withoutJitter();

/** Sends concurrent requests that use these tokens in rotation. */
async function load(arena: FaultArena, tokens: readonly string[], requests = 60): Promise<readonly Answered[]> {
  return Promise.all(Array.from({ length: requests }, (_, at) => arena.send(tokens[at % tokens.length] ?? '', true)));
}

function count(answers: readonly Answered[], status: number): number {
  return answers.filter((one) => one.status === status).length;
}

for (const harness of harnesses) {
  describe(`${harness.name}: key rotation under load`, () => {
    let arena: FaultArena;

    beforeEach(async () => {
      arena = await openFaultArena(harness);
    });

    afterEach(() => arena.close());

    it('key rotation with overlap fails no request (D-17) [RS-OIDC-10.1.1-a]', async ({ task }) => {
      const tokens = [await arena.good()];
      const answers = [...(await load(arena, tokens))];
      for (let rotation = 0; rotation < 5; rotation++) {
        // The new key is published during requests with the old ones.
        const [meanwhile] = await Promise.all([load(arena, tokens), arena.issuer.keys.rotate()]);
        tokens.push(await arena.good());
        answers.push(...meanwhile, ...(await load(arena, tokens)));
        arena.clock.advance(200);
      }
      const seen = `${count(answers, 200)} of ${answers.length} 200, ${arena.keys.heads.length} fetches`;
      task.meta.fault = { fault: 'rotation with overlap', column: 'cached', harness: harness.name, seen };
      expect(count(answers, 200)).toBe(answers.length);
      expectInvariant(arena);
    });

    it('a key published within the cooldown is accepted after it, and other keys are not delayed (D-17) [RS-OIDC-10.1.1-b]', async ({
      task,
    }) => {
      const old = await arena.good();
      expect((await arena.send(old, true)).status).toBe(200);
      await arena.sendForged();
      await arena.issuer.keys.rotate();
      const fresh = await arena.good();
      const [within, others] = [await load(arena, [fresh]), await load(arena, [old])];
      arena.clock.advance(30);
      const later = await load(arena, [fresh]);
      const seen = `new key ${count(within, 401)} of 60 401, old key ${count(others, 200)} of 60 200, new key after 30 s ${count(later, 200)} of 60 200`;
      task.meta.fault = { fault: 'rotation within a cooldown', column: 'cached', harness: harness.name, seen };
      expect([count(within, 401), count(others, 200), count(later, 200)]).toEqual([60, 60, 60]);
      expectInvariant(arena, true);
    });

    it('in a rotation without overlap the new key is accepted at once and the removed one is refused (D-16) [RS-OIDC-10.1.1-c]', async ({
      task,
    }) => {
      const old = await arena.good();
      expect(count(await load(arena, [old]), 200)).toBe(60);
      arena.issuer.keys.withdraw((await arena.issuer.keys.current()).kid);
      const fresh = await load(arena, [await arena.good()]);
      const removed = await load(arena, [old]);
      const seen = `new key ${count(fresh, 200)} of 60 200, removed key ${count(removed, 401)} of 60 401, ${arena.keys.heads.length} fetches`;
      task.meta.fault = { fault: 'rotation without overlap', column: 'cached', harness: harness.name, seen };
      expect([count(fresh, 200), count(removed, 401)]).toEqual([60, 60]);
      expectInvariant(arena, true);
    });

    it('a kid reused for another key means the new key once the old key set has expired (D-16) [RS-OIDC-10.1.1-c]', async ({
      task,
    }) => {
      const old = await arena.good();
      const { kid, publicJwk } = await arena.issuer.keys.current();
      expect((await arena.send(old, true)).status).toBe(200);
      arena.issuer.keys.withdraw(kid);
      const { privateKey, publicJwk: other } = await arena.issuer.keys.current();
      arena.publish(() => ({ keys: [{ ...other, kid }] }));
      const renewed = await new SignJWT(payloadOf(old))
        .setProtectedHeader({ alg: 'ES256', kid, typ: 'at+jwt' })
        .sign(privateKey);
      expect(other).not.toEqual(publicJwk);
      arena.clock.advance(freshSeconds);
      const [before, after] = [await load(arena, [old]), await load(arena, [renewed])];
      const seen = `removed key ${count(before, 401)} of 60 401, new key ${count(after, 200)} of 60 200`;
      task.meta.fault = { fault: 'a kid reused for another key', column: 'cached', harness: harness.name, seen };
      expect([count(before, 401), count(after, 200)]).toEqual([60, 60]);
      expectInvariant(arena, true);
    });
  });
}

function payloadOf(token: string): Record<string, unknown> {
  return JSON.parse(Buffer.from(token.split('.')[1] ?? '', 'base64url').toString()) as Record<string, unknown>;
}
