import type { Store } from '../state/persistent.js';
import { refill, whole } from '../state/read.js';

/** Remembers what may be used once, for as long as it could be used again. */
export class ReplayStore implements Store {
  readonly #until = new Map<string, number>();
  #sweptAtSeconds: number | undefined;

  /**
   * Tells whether this is the first use of `key`, and remembers it.
   *
   * @param untilSeconds - when it stops being usable anyway, in seconds since the epoch; not before `nowSeconds`.
   */
  isFirstUse(key: string, untilSeconds: number, nowSeconds: number): boolean {
    this.#sweep(nowSeconds);
    if (this.#until.has(key)) return false;
    this.#until.set(key, untilSeconds);
    return true;
  }

  /** Once for each second: to go through all that is known for every use would be slower with every use. */
  #sweep(nowSeconds: number): void {
    if (nowSeconds === this.#sweptAtSeconds) return;
    this.#sweptAtSeconds = nowSeconds;
    for (const [known, until] of this.#until) if (until < nowSeconds) this.#until.delete(known);
  }

  /** Nothing was ever used. */
  clear(): void {
    this.#until.clear();
  }

  snapshot(): unknown {
    return [...this.#until];
  }

  restore(data: unknown): void {
    refill(this.#until, data, whole);
  }
}
