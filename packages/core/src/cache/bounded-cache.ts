import { LRUCache } from 'lru-cache';
import { bare, emptyBare } from '../objects/bare.js';

/** Limits of a {@link BoundedCache}. */
export interface CacheBounds {
  /** Largest number of entries. */
  readonly max: number;
  /** Largest sum of the sizes of all entries. Without it, entries have no size. */
  readonly maxSize?: number;
}

/**
 * A cache that evicts the least recently used entry.
 *
 * lru-cache reads the options of each call from an object, and therefore also from a polluted
 * `Object.prototype`. A polluted `status` would publish the content of the cache. This class passes
 * options without a prototype in every call.
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

  /** Like {@link get}, but does not count as a use. */
  peek(key: string): Value | undefined {
    return this.#entries.peek(key, noOptions);
  }

  /** @param size size of the entry, at least 1; only for caches with a `maxSize` */
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

/** Options without a prototype. If lru-cache assigns a `status` to them, that has no effect. */
function withoutStatus<T extends object>(options: T): T {
  const bareOptions = Object.assign(emptyBare(), options);
  return Object.defineProperty(bareOptions, 'status', bare({ get: () => undefined, set: () => {} })) as T;
}

const noOptions: object = withoutStatus({});
