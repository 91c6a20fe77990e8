import { describe, expect, it } from 'vitest';
import { HeldKeys, type HoldingSettings } from '../../src/keys/held-keys.js';
import { KeySet } from '../../src/keys/key-set.js';

const start = 5000;
const settings: HoldingSettings = { maxAgeSeconds: 600, staleMaxSeconds: 3600 };

function held(freshSeconds?: number, random = 0, overrides: Partial<HoldingSettings> = {}): HeldKeys {
  return new HeldKeys({ keys: new KeySet([]), jwks: {}, freshSeconds }, start, { ...settings, ...overrides }, random);
}

/** From when on, in seconds after the fetch, the set is due, no longer fresh, and no longer usable. */
function edges(keys: HeldKeys): { due: number; stale: number; dead: number } {
  const first = (isSo: (now: number) => boolean) => {
    let [low, high] = [0, 200_000_000];
    while (low < high) {
      const middle = Math.floor((low + high) / 2);
      if (isSo(start + middle)) high = middle;
      else low = middle + 1;
    }
    return low / 1000;
  };
  return {
    due: first((now) => keys.isDue(now)),
    stale: first((now) => !keys.isFresh(now)),
    dead: first((now) => !keys.isUsable(now)),
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
    expect([keys.isDue(start + 479_999), keys.isDue(start + 480_000)]).toEqual([false, true]);
    expect([keys.isFresh(start + 599_999), keys.isFresh(start + 600_000)]).toEqual([true, false]);
    expect([keys.isUsable(start + 4_199_999), keys.isUsable(start + 4_200_000)]).toEqual([true, false]);
  });

  it.each<[number | undefined, number]>([
    [undefined, 600],
    [0, 60],
    [59.9, 60],
    [60, 60],
    [90, 90],
    [86_400, 86_400],
    [86_401, 86_400],
    [9_999_999_999, 86_400],
  ])('D-16: whose server says %s s is fresh %i s: 1 min to 24 h', (said, seconds) => {
    const keys = held(said);
    expect(keys.freshSeconds).toBe(seconds);
    expect(edges(keys)).toEqual({ due: seconds * 0.8, stale: seconds, dead: seconds + 3600 });
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
