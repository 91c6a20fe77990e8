import { describe, expect, it } from 'vitest';
import { systemClock } from '../../src/options/system-clock.js';

describe('the clock of the machine', () => {
  it('tells milliseconds since the epoch with one hand, and never steps back with the other', () => {
    const [before, now, after] = [Date.now(), systemClock.now(), Date.now()];
    expect(before <= now && now <= after).toBe(true);
    const first = systemClock.monotonic();
    expect(systemClock.monotonic()).toBeGreaterThanOrEqual(first);
  });

  it('cannot be replaced', () => {
    expect(() => Object.assign(systemClock, { now: () => 0 })).toThrow(TypeError);
  });
});
