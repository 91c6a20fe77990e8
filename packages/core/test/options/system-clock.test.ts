import { describe, expect, it } from 'vitest';
import { systemClock } from '../../src/options/system-clock.js';

describe('systemClock', () => {
  it('systemClock.now() is the epoch time in milliseconds, and monotonic() never goes back', () => {
    const [before, now, after] = [Date.now(), systemClock.now(), Date.now()];
    expect(before <= now && now <= after).toBe(true);
    const first = systemClock.monotonic();
    expect(systemClock.monotonic()).toBeGreaterThanOrEqual(first);
  });

  it('systemClock is frozen', () => {
    expect(() => Object.assign(systemClock, { now: () => 0 })).toThrow(TypeError);
  });
});
