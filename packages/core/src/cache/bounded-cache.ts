import { LRUCache } from 'lru-cache';
import { bare, emptyBare } from '../objects/bare.js';

/** How much a {@link BoundedCache} holds. */
export interface CacheBounds {
  readonly max: number;
  /** Largest sum of the sizes of all entries; without it entries have no size. */
  readonly maxSize?: number;
}

/**
 * A cache that evicts the entry used least recently. lru-cache reads the options of each call from an object, and so from
 * `Object.prototype` where that is polluted: a polluted `status` would publish the cache. Here every call has options without a
 * prototype.
 */
export class BoundedCache<Value extends object> {
  readonly #entries: LRUCache<string, Value>;

  constructor(bounds: CacheBounds) {
    this.#entries = new LRUCache<string, Value>(bare({ ...bounds }) as LRUCache.Options<string, Value, unknown>);
  }

  get size(): number {
    return this.#entries.size;
  }

  /** The sum of the sizes of all entries. */
  get totalSize(): number {
    return this.#entries.calculatedSize;
  }

  get(key: string): Value | undefined {
    return this.#entries.get(key, noOptions);
  }

  /** As {@link get}, without counting as a use. */
  peek(key: string): Value | undefined {
    return this.#entries.peek(key, noOptions);
  }

  /** @param size of the entry, at least 1; only for caches with a `maxSize` */
  set(key: string, value: Value, size?: number): void {
    this.#entries.set(key, value, size === undefined ? noOptions : withoutStatus({ size: Math.max(1, size) }));
  }

  delete(key: string): void {
    this.#entries.delete(key);
  }

  entries(): Iterable<[string, Value]> {
    return this.#entries.entries() as Iterable<[string, Value]>;
  }
}

/** Options without a prototype, to which lru-cache can assign a `status` without effect. */
function withoutStatus<T extends object>(options: T): T {
  const bag = Object.assign(emptyBare(), options);
  return Object.defineProperty(bag, 'status', bare({ get: () => undefined, set: () => {} })) as T;
}

const noOptions: object = withoutStatus({});
