import type { MaybePromise } from '../model/maybe-promise.js';

/** Limits of a {@link Semaphore}. */
export interface SemaphoreLimits {
  /** Number of slots. */
  readonly maxAtOnce: number;
  /** Largest number of waiting callers. Further callers are refused immediately. */
  readonly maxWaiting: number;
  /** How long a caller waits for a slot. */
  readonly maxWaitMilliseconds: number;
}

/**
 * Limits concurrency. Waiting callers are served first in, first out; no later caller overtakes.
 */
export class Semaphore {
  readonly #limits: SemaphoreLimits;
  /** The waiting callers, longest wait first. */
  readonly #waiting = new Set<() => void>();
  #taken = 0;

  constructor(limits: SemaphoreLimits) {
    this.#limits = limits;
  }

  /** Number of slots in use. */
  get taken(): number {
    return this.#taken;
  }

  /** @returns whether a slot was acquired in time; if so, the caller must {@link release} it */
  acquire(): MaybePromise<boolean> {
    if (this.#taken === this.#limits.maxAtOnce) return this.#waiting.size < this.#limits.maxWaiting && this.#wait();
    this.#taken += 1;
    return true;
  }

  /** Releases a slot. The caller that has waited longest gets it. */
  release(): void {
    const [next] = this.#waiting;
    if (next === undefined) this.#taken -= 1;
    else next();
  }

  #wait(): Promise<boolean> {
    return new Promise((resolve) => {
      const settle = (isAcquired: boolean) => {
        clearTimeout(timer);
        this.#waiting.delete(acquire);
        resolve(isAcquired);
      };
      const acquire = () => settle(true);
      const timer = setTimeout(() => settle(false), this.#limits.maxWaitMilliseconds);
      this.#waiting.add(acquire);
    });
  }
}
