import type { Clock } from '../../src/model/clock.js';

/** A clock that changes only when a test advances it, so that limits can be tested exactly. */
export interface FrozenClock extends Clock {
  advance(seconds: number): void;
  /**
   * Moves the wall clock alone. This is what happens when the system clock is set, or when a
   * machine was suspended while its monotonic clock was stopped.
   */
  shiftWall(seconds: number): void;
}

export function frozenClock(startMilliseconds = 1_800_000_000_000): FrozenClock {
  let passed = 0;
  let shift = 0;
  return {
    now: () => startMilliseconds + passed + shift,
    monotonic: () => 1000 + passed,
    advance: (seconds) => {
      passed += seconds * 1000;
    },
    shiftWall: (seconds) => {
      shift += seconds * 1000;
    },
  };
}
