import type { Persistent } from './state/persistent.js';
import { whole } from './state/read.js';

/** A clock with two hands that runs with real time and can be moved ahead. Its `now` and `monotonic` fit a resource server's clock port. */
export interface MockClock {
  /** Wall clock: milliseconds since the epoch, as `Date.now()` counts them. Judges tokens. */
  now(): number;
  /** Milliseconds since some fixed moment, fractional; never steps back. Measures intervals. */
  monotonic(): number;
  /**
   * Moves both hands ahead, at once.
   *
   * @param seconds - how far, in seconds; fractions are kept to the millisecond.
   * @throws RangeError when `seconds` is negative or not finite, or leads beyond the last moment that a `Date` knows.
   */
  advance(seconds: number): void;
  /** Takes `now()` back to where it would be had nobody advanced it. `monotonic()` stays, since it never steps back. */
  reset?(): void;
}

/**
 * Makes a clock that shows real time until it is advanced. Give one clock to several issuers to move them together.
 *
 * @example
 * ```ts
 * const clock = createMockClock();
 * clock.advance(60);
 * ```
 */
export function createMockClock(): Required<MockClock> {
  return createKeptClock();
}

/** A clock of which a file keeps how far it was advanced. */
export type KeptClock = Required<MockClock> & Persistent;

/** A clock that shows real time until it is advanced. */
export function createKeptClock(): KeptClock {
  return movable({ now: () => Date.now(), monotonic: () => performance.now() });
}

/** A clock that shows one moment until it is advanced. */
export function createStillClock(nowMs: number): KeptClock {
  return movable({ now: () => nowMs, monotonic: () => 0 });
}

/** Milliseconds since the epoch of the last moment that a `Date` knows. */
const LAST_MS = 8.64e15;

function movable(hands: Pick<MockClock, 'now' | 'monotonic'>): KeptClock {
  let wallOffsetMs = 0;
  let monotonicOffsetMs = 0;
  return {
    now: () => hands.now() + wallOffsetMs,
    monotonic: () => hands.monotonic() + monotonicOffsetMs,
    advance: (seconds) => {
      if (!Number.isFinite(seconds) || seconds < 0) {
        throw new RangeError('clock.advance: seconds must be a finite number, 0 or more');
      }
      const ms = Math.round(seconds * 1000);
      if (hands.now() + monotonicOffsetMs + ms > LAST_MS) {
        throw new RangeError('clock.advance: a Date knows no moment so far ahead');
      }
      wallOffsetMs += ms;
      monotonicOffsetMs += ms;
    },
    reset: () => {
      wallOffsetMs = 0;
    },
    snapshot: () => wallOffsetMs,
    restore: (data) => {
      wallOffsetMs = whole(data, '');
    },
  };
}
