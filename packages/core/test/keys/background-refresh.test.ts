import { setImmediate as nextEventLoopTurn } from 'node:timers/promises';
import { describe, expect, it, vi } from 'vitest';
import { PublicKey } from '../../src/jws/public-key.js';
import { NetworkError } from '../../src/model/ports.js';
import { keySet, type SourceUnderTest, sourceUnderTest, times } from '../support-network/key-source.js';
import { tokenNaming } from '../support-network/keys.js';
import { deferred, json } from '../support-network/scripted-fetcher.js';
import { withoutJitter } from '../support-network/without-jitter.js';

// The set is fresh for 600 s and due for a refresh at 480 s; the shortest back-off is 1 s.
withoutJitter();

async function warm(): Promise<SourceUnderTest> {
  const keys = sourceUnderTest();
  await keys.find('a');
  return keys;
}

/** Whether the key is found synchronously, in the cached set. */
function isCached(keys: SourceUnderTest, kid = 'a'): boolean {
  return keys.source.find(tokenNaming(kid)) instanceof PublicKey;
}

const never = () => new Promise<Uint8Array>(() => {});

describe('background refresh of a key set before it expires (D-16)', () => {
  it('the first request at exactly 80 % of the lifetime starts a background refresh (D-16)', async () => {
    const keys = await warm();
    keys.clock.advance(479.999);
    expect([isCached(keys), keys.fetches]).toEqual([true, 1]);
    keys.clock.advance(0.001);
    expect([isCached(keys), keys.fetches]).toEqual([true, 2]);
  });

  it('a key set is refreshed by requests only: core has no timer (D-16)', async () => {
    const keys = await warm();
    keys.clock.advance(500);
    await nextEventLoopTurn();
    expect(keys.fetches).toBe(1);
  });

  it('many requests start one background refresh and none awaits it, even while it hangs (D-16)', async () => {
    const keys = await warm();
    keys.answer(never);
    keys.clock.advance(480);
    expect(times(100, () => isCached(keys))).toEqual(times(100, () => true));
    await nextEventLoopTurn();
    keys.clock.advance(119.999);
    expect(times(100, () => isCached(keys))).toEqual(times(100, () => true));
    expect(keys.fetches).toBe(2);
  });

  it('ready() does not await a background refresh (D-16)', async () => {
    const keys = await warm();
    keys.answer(never);
    keys.clock.advance(480);
    await expect(keys.source.ready()).resolves.toBeUndefined();
    expect(keys.fetches).toBe(2);
  });

  it('a background refresh replaces the key set and restarts its lifetime (D-16) [RS-OIDC-10.1.1-c]', async () => {
    const keys = await warm();
    keys.publish('a', 'b');
    keys.clock.advance(480);
    isCached(keys);
    await nextEventLoopTurn();
    expect([isCached(keys), isCached(keys, 'b')]).toEqual([true, true]);
    keys.clock.advance(479.999);
    expect([isCached(keys), keys.fetches]).toEqual([true, 2]);
    keys.publish('b');
    keys.clock.advance(0.001);
    isCached(keys);
    await nextEventLoopTurn();
    expect(await keys.find('a')).toBe('key_unknown');
  });

  it('a request for a key that is not in the old set joins the refresh in flight (D-16)', async () => {
    const keys = await warm();
    const slow = deferred<Uint8Array>();
    keys.answer(() => slow.promise);
    keys.clock.advance(480);
    const found = keys.find('b');
    expect(isCached(keys)).toBe(true);
    slow.resolve(json(keySet('a', 'b')));
    expect(await found).toBe('b');
    expect(keys.fetches).toBe(2);
  });

  it('Cache-Control of the key set sets the time of the background refresh (D-16)', async () => {
    const keys = sourceUnderTest();
    keys.answer(keySet('a'), 100);
    await keys.find('a');
    keys.clock.advance(79.999);
    expect([isCached(keys), keys.fetches]).toEqual([true, 1]);
    keys.clock.advance(0.001);
    expect([isCached(keys), keys.fetches]).toEqual([true, 2]);
  });

  it('a key set is refreshed at most once in 48 s, however short its max-age (D-16)', async () => {
    const keys = sourceUnderTest();
    keys.answer(keySet('a'), 0);
    await keys.find('a');
    keys.clock.advance(47.999);
    expect([isCached(keys), keys.fetches]).toEqual([true, 1]);
    keys.clock.advance(0.001);
    expect([isCached(keys), keys.fetches]).toEqual([true, 2]);
  });

  it('jitter refreshes the key set at different times in different processes (D-16)', async () => {
    vi.mocked(Math.random).mockReturnValue(1);
    const early = await warm();
    vi.mocked(Math.random).mockReturnValue(0);
    const late = await warm();
    for (const { clock } of [early, late]) clock.advance(456);
    expect([isCached(early), isCached(late)]).toEqual([true, true]);
    expect([early.fetches, late.fetches]).toEqual([2, 1]);
  });
});

describe('failed background refresh of a key set (D-18)', () => {
  async function failing(): Promise<SourceUnderTest> {
    const keys = await warm();
    keys.answer(new NetworkError('unreachable', 'down'));
    keys.clock.advance(480);
    isCached(keys);
    await nextEventLoopTurn();
    return keys;
  }

  it('requests are served from the fresh key set while its refresh fails (D-18)', async () => {
    const keys = await failing();
    expect(times(50, () => isCached(keys))).toEqual(times(50, () => true));
    keys.clock.advance(119.999);
    expect(isCached(keys)).toBe(true);
  });

  it('a failed refresh is retried when the back-off has ended, not earlier (D-18)', async () => {
    const keys = await failing();
    keys.clock.advance(0.999);
    expect([isCached(keys), keys.fetches]).toEqual([true, 2]);
    keys.clock.advance(0.001);
    expect([isCached(keys), keys.fetches]).toEqual([true, 3]);
  });

  it('a failing refresh is attempted once per back-off delay, however many requests arrive (D-18)', async () => {
    vi.mocked(Math.random).mockReturnValue(1 - Number.EPSILON);
    const keys = await failing();
    for (let second = 0; second < 60; second++) {
      times(20, () => isCached(keys));
      await nextEventLoopTurn();
      keys.clock.advance(1);
    }
    // At 480, 482, 486, 494 and 510 s.
    expect(keys.fetches).toBe(1 + 5);
  });

  it('a failed refresh is retried only after the Retry-After of the issuer (D-08)', async () => {
    const keys = await warm();
    keys.answer(new NetworkError('bad_status', 'answered 429', { retryAfterSeconds: 60 }));
    keys.clock.advance(480);
    isCached(keys);
    await nextEventLoopTurn();
    keys.clock.advance(59.999);
    expect([isCached(keys), keys.fetches]).toEqual([true, 2]);
    keys.clock.advance(0.001);
    expect([isCached(keys), keys.fetches]).toEqual([true, 3]);
  });

  it('a successful refresh clears the failures before it, and an unknown kid yields key_unknown again (D-18)', async () => {
    const keys = await failing();
    keys.publish('a', 'b');
    keys.clock.advance(1);
    isCached(keys);
    await nextEventLoopTurn();
    expect(isCached(keys, 'b')).toBe(true);
    expect(await keys.find('forged')).toBe('key_unknown');
  });
});
