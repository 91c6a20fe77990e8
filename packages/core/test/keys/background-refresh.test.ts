import { setImmediate as nextTurn } from 'node:timers/promises';
import { describe, expect, it, vi } from 'vitest';
import { PublicKey } from '../../src/jws/public-key.js';
import { NetworkError } from '../../src/model/ports.js';
import { keySet, type SourceUnderTest, sourceUnderTest, times } from '../support-network/key-source.js';
import { tokenNaming } from '../support-network/keys.js';
import { deferred, json } from '../support-network/scripted-fetcher.js';
import { withoutJitter } from '../support-network/without-jitter.js';

// Fresh for 600 s, due at 480 s; the shortest back-off, 1 s.
withoutJitter();

async function warm(): Promise<SourceUnderTest> {
  const keys = sourceUnderTest();
  await keys.find('a');
  return keys;
}

/** Whether the key is found without any waiting. */
function isAtHand(keys: SourceUnderTest, kid = 'a'): boolean {
  return keys.source.find(tokenNaming(kid)) instanceof PublicKey;
}

const never = () => new Promise<Uint8Array>(() => {});

describe('D-16: a refresh before the time is over', () => {
  it('D-16: is started by a request at 80 %, and not a millisecond earlier', async () => {
    const keys = await warm();
    keys.clock.advance(479.999);
    expect([isAtHand(keys), keys.fetches]).toEqual([true, 1]);
    keys.clock.advance(0.001);
    expect([isAtHand(keys), keys.fetches]).toEqual([true, 2]);
  });

  it('D-16: is started by nothing else: core has no timer', async () => {
    const keys = await warm();
    keys.clock.advance(500);
    await nextTurn();
    expect(keys.fetches).toBe(1);
  });

  it('D-16: is started once by many requests and awaited by none, even while it hangs', async () => {
    const keys = await warm();
    keys.answer(never);
    keys.clock.advance(480);
    expect(times(100, () => isAtHand(keys))).toEqual(times(100, () => true));
    await nextTurn();
    keys.clock.advance(119.999);
    expect(times(100, () => isAtHand(keys))).toEqual(times(100, () => true));
    expect(keys.fetches).toBe(2);
  });

  it('D-16: is not waited for by ready() either', async () => {
    const keys = await warm();
    keys.answer(never);
    keys.clock.advance(480);
    await expect(keys.source.ready()).resolves.toBeUndefined();
    expect(keys.fetches).toBe(2);
  });

  it('[RS-OIDC-10.1.1-c] D-16: replaces the set and makes it fresh from then on', async () => {
    const keys = await warm();
    keys.publish('a', 'b');
    keys.clock.advance(480);
    isAtHand(keys);
    await nextTurn();
    expect([isAtHand(keys), isAtHand(keys, 'b')]).toEqual([true, true]);
    keys.clock.advance(479.999);
    expect([isAtHand(keys), keys.fetches]).toEqual([true, 2]);
    keys.publish('b');
    keys.clock.advance(0.001);
    isAtHand(keys);
    await nextTurn();
    expect(await keys.find('a')).toBe('key_unknown');
  });

  it('D-16: is joined by a request for a key that is not in the old set', async () => {
    const keys = await warm();
    const slow = deferred<Uint8Array>();
    keys.answer(() => slow.promise);
    keys.clock.advance(480);
    const found = keys.find('b');
    expect(isAtHand(keys)).toBe(true);
    slow.resolve(json(keySet('a', 'b')));
    expect(await found).toBe('b');
    expect(keys.fetches).toBe(2);
  });

  it('D-16: comes when the server said, by Cache-Control', async () => {
    const keys = sourceUnderTest();
    keys.answer(keySet('a'), 100);
    await keys.find('a');
    keys.clock.advance(79.999);
    expect([isAtHand(keys), keys.fetches]).toEqual([true, 1]);
    keys.clock.advance(0.001);
    expect([isAtHand(keys), keys.fetches]).toEqual([true, 2]);
  });

  it('D-16: comes no more often than once in 48 s, whatever the server says', async () => {
    const keys = sourceUnderTest();
    keys.answer(keySet('a'), 0);
    await keys.find('a');
    keys.clock.advance(47.999);
    expect([isAtHand(keys), keys.fetches]).toEqual([true, 1]);
    keys.clock.advance(0.001);
    expect([isAtHand(keys), keys.fetches]).toEqual([true, 2]);
  });

  it('D-16: comes at different times in different processes', async () => {
    vi.mocked(Math.random).mockReturnValue(1);
    const early = await warm();
    vi.mocked(Math.random).mockReturnValue(0);
    const late = await warm();
    for (const { clock } of [early, late]) clock.advance(456);
    expect([isAtHand(early), isAtHand(late)]).toEqual([true, true]);
    expect([early.fetches, late.fetches]).toEqual([2, 1]);
  });
});

describe('D-18: a refresh that fails', () => {
  async function failing(): Promise<SourceUnderTest> {
    const keys = await warm();
    keys.answer(new NetworkError('unreachable', 'down'));
    keys.clock.advance(480);
    isAtHand(keys);
    await nextTurn();
    return keys;
  }

  it('D-18: disturbs nobody while the set is fresh', async () => {
    const keys = await failing();
    expect(times(50, () => isAtHand(keys))).toEqual(times(50, () => true));
    keys.clock.advance(119.999);
    expect(isAtHand(keys)).toBe(true);
  });

  it('D-18: is tried again when the back-off is over, and not before', async () => {
    const keys = await failing();
    keys.clock.advance(0.999);
    expect([isAtHand(keys), keys.fetches]).toEqual([true, 2]);
    keys.clock.advance(0.001);
    expect([isAtHand(keys), keys.fetches]).toEqual([true, 3]);
  });

  it('D-18: is tried no more often than the back-off has it, however many ask', async () => {
    vi.mocked(Math.random).mockReturnValue(1 - Number.EPSILON);
    const keys = await failing();
    for (let second = 0; second < 60; second++) {
      times(20, () => isAtHand(keys));
      await nextTurn();
      keys.clock.advance(1);
    }
    // At 480, 482, 486, 494 and 510 s.
    expect(keys.fetches).toBe(1 + 5);
  });

  it('D-08: a Retry-After of the issuer is kept to', async () => {
    const keys = await warm();
    keys.answer(new NetworkError('bad_status', 'answered 429', { retryAfterSeconds: 60 }));
    keys.clock.advance(480);
    isAtHand(keys);
    await nextTurn();
    keys.clock.advance(59.999);
    expect([isAtHand(keys), keys.fetches]).toEqual([true, 2]);
    keys.clock.advance(0.001);
    expect([isAtHand(keys), keys.fetches]).toEqual([true, 3]);
  });

  it('D-18: and then works is forgotten', async () => {
    const keys = await failing();
    keys.publish('a', 'b');
    keys.clock.advance(1);
    isAtHand(keys);
    await nextTurn();
    expect(isAtHand(keys, 'b')).toBe(true);
    expect(await keys.find('forged')).toBe('key_unknown');
  });
});
