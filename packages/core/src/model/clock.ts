/**
 * The source of time. Inject one in tests, to move the time.
 *
 * @example
 * import { type Clock, createResourceServer } from '@resource-server/core';
 *
 * let offset = 0;
 * const clock: Clock = {
 *   now: () => Date.now() + offset,
 *   monotonic: () => performance.now() + offset,
 * };
 * const server = createResourceServer({
 *   issuer: 'https://login.example.com',
 *   audience: 'https://api.example.com',
 *   clock,
 * });
 * offset += 3_600_000;
 */
export interface Clock {
  /**
   * Milliseconds since the epoch. `exp`, `nbf` and `iat` are compared with it. It may jump when the
   * system clock is set.
   */
  now(): number;
  /**
   * Milliseconds since any fixed point. Intervals are measured with it: it never goes back. It may
   * stop while the machine is suspended.
   */
  monotonic(): number;
}

/** A point in time, measured with both clocks, in milliseconds. */
export class Moment {
  readonly #wall: number;
  readonly #monotonic: number;

  private constructor(wall: number, monotonic: number) {
    this.#wall = wall;
    this.#monotonic = monotonic;
  }

  /** The present time, or the time `ageMilliseconds` before it. */
  static of(clock: Clock, ageMilliseconds = 0): Moment {
    return new Moment(clock.now() - ageMilliseconds, clock.monotonic() - ageMilliseconds);
  }

  /**
   * Milliseconds since this moment: the larger result of the two clocks. The monotonic clock may
   * stop while the machine is suspended, and the wall clock may be set back. Neither may make a
   * key or an introspection answer appear younger than it is.
   */
  age(clock: Clock): number {
    const byWall = clock.now() - this.#wall;
    const byMonotonic = this.monotonicAge(clock);
    // NaN of the wall clock is ignored. NaN of the monotonic clock makes the age NaN; every
    // comparison with it is false, so that the entry counts as expired.
    return Number.isNaN(byWall) ? byMonotonic : Math.max(byWall, byMonotonic);
  }

  /** Milliseconds since this moment, measured with the monotonic clock alone. */
  monotonicAge(clock: Clock): number {
    return clock.monotonic() - this.#monotonic;
  }
}
