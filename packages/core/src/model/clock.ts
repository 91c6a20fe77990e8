/** Time, injectable. */
export interface Clock {
  /** Milliseconds since the epoch; tokens are judged by it. It may jump when the system clock is set. */
  now(): number;
  /** Milliseconds that never go back; intervals are measured by it. It may stand still while the machine is suspended. */
  monotonic(): number;
}

/** A point in time on both clocks, in milliseconds. */
export class Moment {
  readonly #wall: number;
  readonly #monotonic: number;

  private constructor(wall: number, monotonic: number) {
    this.#wall = wall;
    this.#monotonic = monotonic;
  }

  /** The present, or a point `ageMilliseconds` before it. */
  static of(clock: Clock, ageMilliseconds = 0): Moment {
    return new Moment(clock.now() - ageMilliseconds, clock.monotonic() - ageMilliseconds);
  }

  /**
   * Milliseconds since this moment: the larger of what the two clocks say. The monotonic clock may stand still while a machine is
   * suspended; the wall clock may be set back. Neither may make a key or an answer younger than it is.
   */
  age(clock: Clock): number {
    const byWall = clock.now() - this.#wall;
    const byMonotonic = this.monotonicAge(clock);
    // A wall clock that answers NaN does not count; a monotonic one that does makes the age NaN, which is within no bound.
    return Number.isNaN(byWall) ? byMonotonic : Math.max(byWall, byMonotonic);
  }

  /** Milliseconds since this moment by the monotonic clock alone. */
  monotonicAge(clock: Clock): number {
    return clock.monotonic() - this.#monotonic;
  }
}
