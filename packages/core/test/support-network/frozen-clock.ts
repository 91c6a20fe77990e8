import type { Clock } from '../../src/model/clock.js';

/** A clock that stands until it is moved, so that edges can be hit exactly. */
export interface FrozenClock extends Clock {
  advance(seconds: number): void;
  /** Moves the wall clock alone: a clock that is set, or a machine that was suspended while its monotonic clock stood still. */
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
