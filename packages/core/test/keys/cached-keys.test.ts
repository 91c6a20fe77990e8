import { describe, expect, it } from 'vitest';
import { CachedKeys, type CachedKeysSettings } from '../../src/keys/cached-keys.js';
import { KeySet } from '../../src/keys/key-set.js';
import { Moment } from '../../src/model/clock.js';
import { frozenClock } from '../support-network/frozen-clock.js';

const clock = frozenClock();
const settings: CachedKeysSettings = { maxAgeSeconds: 600, staleMaxSeconds: 3600 };

function cachedKeys(freshSeconds?: number, random = 0, overrides: Partial<CachedKeysSettings> = {}): CachedKeys {
  return new CachedKeys(
    { keys: new KeySet([]), jwks: {}, freshSeconds },
    Moment.of(clock),
    { ...settings, ...overrides },
    random,
  );
}

/** The ages in seconds at which the set becomes due, is no longer fresh, is no longer usable. */
function edges(keys: CachedKeys): { due: number; stale: number; unusable: number } {
  const first = (isSo: (age: number) => boolean) => {
    let [low, high] = [0, 200_000_000];
    while (low < high) {
      const middle = Math.floor((low + high) / 2);
      if (isSo(middle)) high = middle;
      else low = middle + 1;
    }
    return low / 1000;
  };
  return {
    due: first((age) => keys.isDue(age)),
    stale: first((age) => !keys.isFresh(age)),
    unusable: first((age) => !keys.isUsable(age)),
  };
}

describe('lifetime of a cached key set (D-16)', () => {
  it('a key set is due for a refresh at 80 % of its lifetime and fresh until the end of it (D-16)', () => {
    expect(edges(cachedKeys())).toMatchObject({ due: 480, stale: 600 });
  });

  it('a key set that is no longer fresh is usable for staleMaxSeconds (D-18)', () => {
    expect(edges(cachedKeys()).unusable).toBe(4200);
    expect(edges(cachedKeys(undefined, 0, { staleMaxSeconds: 1 })).unusable).toBe(601);
  });

  it('with staleMaxSeconds 0 a key set is unusable as soon as it is no longer fresh (D-18)', () => {
    expect(edges(cachedKeys(undefined, 0, { staleMaxSeconds: 0 }))).toEqual({ due: 480, stale: 600, unusable: 600 });
  });

  it('a key set changes state at exactly the millisecond of each limit (D-16)', () => {
    const keys = cachedKeys();
    expect([keys.isDue(479_999), keys.isDue(480_000)]).toEqual([false, true]);
    expect([keys.isFresh(599_999), keys.isFresh(600_000)]).toEqual([true, false]);
    expect([keys.isUsable(4_199_999), keys.isUsable(4_200_000)]).toEqual([true, false]);
  });

  it.each<[number | undefined, number]>([
    [undefined, 600],
    [0, 60],
    [59.9, 60],
    [60, 60],
    [90, 90],
    [3600, 3600],
    [3601, 3600],
    [86_400, 3600],
    [9_999_999_999, 3600],
  ])('a key set with a max-age of %s s is fresh for %i s, between 1 min and 1 h (D-16)', (maxAge, seconds) => {
    const keys = cachedKeys(maxAge);
    expect(keys.freshSeconds).toBe(seconds);
    expect(edges(keys)).toEqual({ due: seconds * 0.8, stale: seconds, unusable: seconds + 3600 });
  });

  it.each([
    [60, 86_400, 3600],
    [3600, 86_400, 3600],
    [3601, 86_400, 3601],
    [86_400, 9_999_999_999, 86_400],
    [86_400, 7200, 7200],
  ])('with maxAgeSeconds %i, a max-age of %i s counts as %i s (D-16)', (maxAgeSeconds, maxAge, seconds) => {
    expect(cachedKeys(maxAge, 0, { maxAgeSeconds }).freshSeconds).toBe(seconds);
  });

  it('the age of a key set is the larger one of the ages by now() and by monotonic() (D-16)', () => {
    const keys = cachedKeys();
    const ages = [keys.age(clock)];
    for (const shift of [10, -20]) {
      clock.shiftWall(shift);
      ages.push(keys.age(clock));
    }
    clock.advance(30);
    expect([...ages, keys.age(clock)]).toEqual([0, 10_000, 0, 30_000]);
  });

  it('maxAgeSeconds applies only to a key set without max-age (D-16)', () => {
    expect(cachedKeys(90, 0, { maxAgeSeconds: 6000 }).freshSeconds).toBe(90);
    expect(cachedKeys(undefined, 0, { maxAgeSeconds: 6000 }).freshSeconds).toBe(6000);
  });

  it.each([
    [0, 480, 600],
    [0.5, 468, 585],
    [1, 456, 570],
  ])('a jitter of %d shortens the lifetime by up to 5 %%: due at %d s, fresh for %d s (D-16)', (random, due, stale) => {
    expect(edges(cachedKeys(undefined, random))).toEqual({ due, stale, unusable: stale + 3600 });
  });

  it('the lifetime in a key snapshot is the one without jitter (D-16)', () => {
    expect(cachedKeys(undefined, 1).freshSeconds).toBe(600);
  });

  it('a cached key set is frozen', () => {
    expect(Object.isFrozen(cachedKeys())).toBe(true);
  });
});
