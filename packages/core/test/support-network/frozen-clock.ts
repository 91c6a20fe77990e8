import type { Clock } from '../../src/model/ports.js';

/** A clock that stands until it is moved, so that edges can be hit exactly. */
export interface FrozenClock extends Clock {
  advance(seconds: number): void;
}

export function frozenClock(startMilliseconds = 1_800_000_000_000): FrozenClock {
  let passed = 0;
  return {
    now: () => startMilliseconds + passed,
    monotonic: () => 1000 + passed,
    advance: (seconds) => {
      passed += seconds * 1000;
    },
  };
}
