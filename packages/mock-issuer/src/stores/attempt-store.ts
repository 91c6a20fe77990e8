import type { Store } from '../state/persistent.js';

/** When something was tried that failed, for as long as that counts. */
export class AttemptStore implements Store {
  #atSeconds: number[] = [];

  add(nowSeconds: number): void {
    this.#atSeconds.push(nowSeconds);
  }

  /** How many there were after `sinceSeconds`; those before are forgotten. */
  countSince(sinceSeconds: number): number {
    this.#atSeconds = this.#atSeconds.filter((at) => at > sinceSeconds);
    return this.#atSeconds.length;
  }

  /** Nothing ever failed. */
  clear(): void {
    this.#atSeconds = [];
  }

  /** Not kept: what is tried after a start is tried anew. */
  snapshot(): undefined {
    return undefined;
  }

  restore(): void {}
}
