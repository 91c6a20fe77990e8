import { describe, expect, it } from 'vitest';
import { HeldKeys, type HoldingSettings } from '../../src/keys/held-keys.js';
import { KeySet } from '../../src/keys/key-set.js';
import { Moment } from '../../src/model/clock.js';
import { frozenClock } from '../support-network/frozen-clock.js';

const clock = frozenClock();
const settings: HoldingSettings = { maxAgeSeconds: 600, staleMaxSeconds: 3600 };

function held(freshSeconds?: number, random = 0, overrides: Partial<HoldingSettings> = {}): HeldKeys {
  return new HeldKeys(
    { keys: new KeySet([]), jwks: {}, freshSeconds },
    Moment.of(clock),
    { ...settings, ...overrides },
    random,
  );
}

/** From when on, in seconds after the fetch, the set is due, no longer fresh, and no longer usable. */
function edges(keys: HeldKeys): { due: number; stale: number; dead: number } {
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
    dead: first((age) => !keys.isUsable(age)),
  };
}

describe('D-16: a set in hand', () => {
  it('D-16: is due at 80 % of its time, fresh before the end of it', () => {
    expect(edges(held())).toMatchObject({ due: 480, stale: 600 });
  });

  it('D-18: is usable for staleMaxSeconds after that', () => {
    expect(edges(held()).dead).toBe(4200);
    expect(edges(held(undefined, 0, { staleMaxSeconds: 1 })).dead).toBe(601);
  });

  it('D-18: with staleMaxSeconds 0 is dead when it is no longer fresh', () => {
    expect(edges(held(undefined, 0, { staleMaxSeconds: 0 }))).toEqual({ due: 480, stale: 600, dead: 600 });
  });

  it('D-16: every edge is a millisecond: before it no, at it yes', () => {
    const keys = held();
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
  ])('D-16: whose server says %s s is fresh %i s: 1 min to 1 h', (said, seconds) => {
    const keys = held(said);
    expect(keys.freshSeconds).toBe(seconds);
    expect(edges(keys)).toEqual({ due: seconds * 0.8, stale: seconds, dead: seconds + 3600 });
  });

  it.each([
    [60, 86_400, 3600],
    [3600, 86_400, 3600],
    [3601, 86_400, 3601],
    [86_400, 9_999_999_999, 86_400],
    [86_400, 7200, 7200],
  ])('D-16: with maxAgeSeconds %i, a max-age of %i s counts as %i s', (maxAgeSeconds, said, seconds) => {
    expect(held(said, 0, { maxAgeSeconds }).freshSeconds).toBe(seconds);
  });

  it('D-16: its age is the larger of what the two clocks say', () => {
    const keys = held();
    const ages = [keys.age(clock)];
    for (const shift of [10, -20]) {
      clock.shiftWall(shift);
      ages.push(keys.age(clock));
    }
    clock.advance(30);
    expect([...ages, keys.age(clock)]).toEqual([0, 10_000, 0, 30_000]);
  });

  it('D-16: maxAgeSeconds counts only where the server does not say', () => {
    expect(held(90, 0, { maxAgeSeconds: 6000 }).freshSeconds).toBe(90);
    expect(held(undefined, 0, { maxAgeSeconds: 6000 }).freshSeconds).toBe(6000);
  });

  it.each([
    [0, 480, 600],
    [0.5, 468, 585],
    [1, 456, 570],
  ])('D-16: jitter of %d takes up to 5 %% off: due at %d s, fresh for %d s', (random, due, stale) => {
    expect(edges(held(undefined, random))).toEqual({ due, stale, dead: stale + 3600 });
  });

  it('D-16: jitter is not in the time that a snapshot hands on', () => {
    expect(held(undefined, 1).freshSeconds).toBe(600);
  });

  it('cannot be changed', () => {
    expect(Object.isFrozen(held())).toBe(true);
  });
});
