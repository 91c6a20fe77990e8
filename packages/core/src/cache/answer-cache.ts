import type { AnswerCache, CachedAnswer } from '../model/ports.js';
import { BoundedCache } from './bounded-cache.js';

/** Size limit for the answers about active tokens. For inactive tokens no claims are cached. */
const maxOctets = 16 * 1024 * 1024;

/**
 * Caches introspection answers. Active and inactive tokens have separate caches, so that many
 * requests with made-up tokens evict no active one.
 */
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
