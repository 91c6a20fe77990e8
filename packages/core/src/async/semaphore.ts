import type { MaybePromise } from '../model/maybe-promise.js';

/** How many may have their turn at once, and how many wait for it how long. */
export interface SemaphoreLimits {
  readonly maxAtOnce: number;
  readonly maxWaiting: number;
  readonly maxWaitMilliseconds: number;
}

/** So many at a time; the others wait in order, so that nobody who comes now overtakes. */
export class Semaphore {
  readonly #limits: SemaphoreLimits;
  /** Those who wait, longest first. */
  readonly #waiting = new Set<() => void>();
  #taken = 0;

  constructor(limits: SemaphoreLimits) {
    this.#limits = limits;
  }

  /** How many have their turn now. */
  get taken(): number {
    return this.#taken;
  }

  /** @returns whether a turn was had in time; whoever had it gives it up with {@link leave} */
  take(): MaybePromise<boolean> {
    if (this.#taken === this.#limits.maxAtOnce) return this.#waiting.size < this.#limits.maxWaiting && this.#wait();
    this.#taken += 1;
    return true;
  }

  /** Hands the turn on to who has waited longest. */
  leave(): void {
    const [next] = this.#waiting;
    if (next === undefined) this.#taken -= 1;
    else next();
  }

  #wait(): Promise<boolean> {
    return new Promise((resolve) => {
      const end = (isMine: boolean) => {
        clearTimeout(timer);
        this.#waiting.delete(begin);
        resolve(isMine);
      };
      const begin = () => end(true);
      const timer = setTimeout(() => end(false), this.#limits.maxWaitMilliseconds);
      this.#waiting.add(begin);
    });
  }
}
