import { setImmediate as nextTurn } from 'node:timers/promises';
import { describe, expect, it, vi } from 'vitest';
import { PublicKey } from '../../src/jws/public-key.js';
import type { KeySettings } from '../../src/keys/remote-key-source.js';
import { NetworkError } from '../../src/model/ports.js';
import { keySet, type SourceUnderTest, sourceUnderTest, times } from '../support-network/key-source.js';
import { tokenNaming } from '../support-network/keys.js';
import { deferred, json } from '../support-network/scripted-fetcher.js';
import { withoutJitter } from '../support-network/without-jitter.js';

// Fresh for 600 s, usable for 4200 s; the shortest back-off, 1 s.
withoutJitter();

const freshSeconds = 600;

/** A source that has fetched `a` and whose issuer is down since. */
async function down(settings: Partial<KeySettings> = {}): Promise<SourceUnderTest> {
  const keys = sourceUnderTest(settings);
  await keys.find('a');
  keys.answer(new NetworkError('unreachable', 'down'));
  return keys;
}

function isAtHand(keys: SourceUnderTest): boolean {
  return keys.source.find(tokenNaming('a')) instanceof PublicKey;
}

describe('D-18: an issuer out of reach, with keys at hand', () => {
  it('[RS-OIDC-10.1.1-d] D-18: its last set serves up to an hour past its time, then it is 503', async () => {
    const keys = await down();
    keys.clock.advance(freshSeconds);
    expect(await keys.find('a')).toBe('a');
    keys.clock.advance(3599.999);
    expect(await keys.find('a')).toBe('a');
    keys.clock.advance(0.001);
    const refusal = await keys.refusalOf('a');
    expect(refusal.code).toBe('keys_unavailable');
    expect(refusal.fields.retryAfterSeconds).toBeGreaterThanOrEqual(1);
    expect(refusal.fields.retryAfterSeconds).toBeLessThanOrEqual(30);
  });

  it('D-18: the hour begins where the time that the server said ends', async () => {
    const keys = sourceUnderTest();
    keys.answer(keySet('a'), 100);
    await keys.find('a');
    keys.answer(new NetworkError('unreachable', 'down'));
    keys.clock.advance(100 + 3599.999);
    expect(await keys.find('a')).toBe('a');
    keys.clock.advance(0.001);
    expect(await keys.find('a')).toBe('keys_unavailable');
  });

  it('[RS-OIDC-10.1.1-d] D-18: with staleMaxSeconds 0 it is 503 as soon as the time is over', async () => {
    const keys = await down({ staleMaxSeconds: 0 });
    keys.clock.advance(599.999);
    expect(await keys.find('a')).toBe('a');
    keys.clock.advance(0.001);
    expect(await keys.find('a')).toBe('keys_unavailable');
  });

  it('D-18: only the first request waits; the others are served at once, attempts or not', async () => {
    const keys = await down();
    keys.clock.advance(freshSeconds);
    expect(await keys.find('a')).toBe('a');
    for (const seconds of [0, 0.5, 0.5, 30]) {
      keys.clock.advance(seconds);
      expect(times(20, () => isAtHand(keys))).toEqual(times(20, () => true));
      await nextTurn();
    }
    // One at 600 s, one at 601 s, one at 631 s.
    expect(keys.fetches).toBe(1 + 3);
  });

  it('D-18: whoever asks one back-off step after its return brings its new set in', async () => {
    vi.mocked(Math.random).mockReturnValue(1 - Number.EPSILON);
    const keys = await down();
    keys.clock.advance(freshSeconds);
    for (const seconds of [2, 4, 8, 16, 30, 30]) {
      expect(await keys.find('a')).toBe('a');
      await nextTurn();
      keys.clock.advance(seconds);
    }
    keys.publish('a', 'b');
    expect(isAtHand(keys)).toBe(true);
    await nextTurn();
    expect(keys.source.status()).toMatchObject({ keys: 'fresh', ageSeconds: 0 });
    expect(await keys.find('b')).toBe('b');
  });

  it('[RS-OIDC-10.1.1-d] D-17: an unknown kid is 503, never 401', async () => {
    const keys = await down();
    keys.clock.advance(freshSeconds);
    expect(await keys.find('a')).toBe('a');
    for (const seconds of [0, 1, 29, 30, 600]) {
      keys.clock.advance(seconds);
      expect(await keys.find('forged')).toBe('keys_unavailable');
      expect(await keys.find('a')).toBe('a');
    }
  });

  it('D-18: what is no key set is as good as no answer', async () => {
    const keys = await down();
    keys.answer({ keys: 'none' });
    keys.clock.advance(freshSeconds);
    expect(await keys.find('a')).toBe('a');
  });

  it('D-08: a set that is too old hides no attempt: Retry-After is the time to the next one', async () => {
    const keys = await down({ maxAgeSeconds: 60, staleMaxSeconds: 0 });
    keys.clock.advance(40);
    // Claims the cooldown for unknown kids, until 70 s.
    expect(await keys.find('forged')).toBe('keys_unavailable');
    keys.clock.advance(20);
    expect((await keys.refusalOf('a')).fields.retryAfterSeconds).toBe(1);
    keys.publish('a');
    keys.clock.advance(1);
    expect(await keys.find('a')).toBe('a');
  });
});

describe('[RS-OIDC-10.1.1-c] an issuer that answers', () => {
  it('[RS-OIDC-10.1.1-c] a withdrawn key is dead at the first request after its time', async () => {
    const keys = await down();
    keys.publish('b');
    keys.clock.advance(freshSeconds);
    expect(await Promise.all(times(20, () => keys.find('a')))).toEqual(times(20, () => 'key_unknown'));
    expect(await keys.find('b')).toBe('b');
  });

  it('[RS-OIDC-10.1.1-c] so is every key of a set that was emptied', async () => {
    const keys = await down();
    keys.publish();
    keys.clock.advance(freshSeconds);
    expect(await keys.find('a')).toBe('key_unknown');
  });

  it('[RS-OIDC-10.1.1-c] a withdrawn key that outlived an outage is dead when the issuer is back', async () => {
    const keys = await down();
    keys.clock.advance(freshSeconds + 1800);
    expect(await keys.find('a')).toBe('a');
    keys.publish('b');
    keys.clock.advance(1);
    isAtHand(keys);
    await nextTurn();
    expect(await keys.find('a')).toBe('key_unknown');
  });
});

describe('D-19: an issuer that hangs when the time is over', () => {
  async function hanging() {
    const keys = await down({ timeoutSeconds: 0.01 });
    const slow = deferred<Uint8Array>();
    keys.answer(() => slow.promise);
    keys.clock.advance(freshSeconds);
    return { keys, slow };
  }

  it('D-18, D-19: is waited for no longer than timeoutSeconds, and then the old set serves', async () => {
    const { keys } = await hanging();
    expect(await Promise.all(times(20, () => keys.find('a')))).toEqual(times(20, () => 'a'));
    expect(keys.fetches).toBe(2);
  });

  it('D-17: of an unknown kid it is 503', async () => {
    const { keys } = await hanging();
    expect(await keys.find('forged')).toBe('keys_unavailable');
  });

  it('D-18: an hour later it is 503 for all', async () => {
    const { keys } = await hanging();
    expect(await keys.find('a')).toBe('a');
    keys.clock.advance(3600);
    expect(await keys.find('a')).toBe('keys_unavailable');
  });

  it('D-19: what comes of it in the end counts', async () => {
    const { keys, slow } = await hanging();
    expect(await keys.find('a')).toBe('a');
    slow.resolve(json(keySet('b')));
    expect(await keys.find('b')).toBe('b');
    expect(await keys.find('a')).toBe('key_unknown');
  });
});

describe('a failure of long ago', () => {
  it('[RS-OIDC-10.1.1-c] does not keep a withdrawn key alive: the first request asks again before it is believed', async () => {
    const { source, clock, publish, answer, find, refusalOf } = sourceUnderTest();
    publish('a');
    expect(await find('a')).toBe('a');
    clock.advance(590);
    answer(new NetworkError('unreachable', 'down'));
    expect(await find('a')).toBe('a');
    await nextTurn();
    expect(source.status()).toMatchObject({ lastError: 'unreachable' });
    publish('b');
    clock.advance(1800);
    expect((await refusalOf('a')).code).toBe('key_unknown');
    expect(await find('b')).toBe('b');
  });

  it('of a moment ago does: nobody waits in an outage', async () => {
    const { clock, answer, find } = sourceUnderTest();
    expect(await find('a')).toBe('a');
    clock.advance(590);
    answer(new NetworkError('unreachable', 'down'));
    expect(await find('a')).toBe('a');
    await nextTurn();
    clock.advance(20);
    answer(() => new Promise(() => {}));
    expect(await find('a')).toBe('a');
  });
});
