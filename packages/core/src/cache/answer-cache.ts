import type { AnswerCache, CachedAnswer } from '../model/ports.js';
import { BoundedCache } from './bounded-cache.js';

/** Octets of answers that are remembered of active tokens; of the others nothing is kept but that they are not. */
const maxOctets = 16 * 1024 * 1024;

/** Remembers what issuers said of tokens, active ones and others apart, so that no flood of made-up tokens pushes out a good one. */
export class LruAnswerCache implements AnswerCache {
  readonly #active: BoundedCache<CachedAnswer>;
  readonly #inactive: BoundedCache<CachedAnswer>;

  constructor(maxEntries: number) {
    this.#active = new BoundedCache({ max: maxEntries, maxSize: maxOctets });
    this.#inactive = new BoundedCache({ max: maxEntries });
  }

  get(key: string): CachedAnswer | undefined {
    return this.#active.get(key) ?? this.#inactive.get(key);
  }

  set(key: string, answer: CachedAnswer, octets: number): void {
    const isActive = answer.claims !== undefined;
    if (isActive) this.#active.set(key, answer, octets);
    else this.#inactive.set(key, answer);
    (isActive ? this.#inactive : this.#active).delete(key);
  }
}
