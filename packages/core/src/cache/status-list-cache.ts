import { BoundedCache } from './bounded-cache.js';

const maxLists = 1000;
const maxOctets = 32 * 1024 * 1024;

/** Caches status lists, bounded by their number and their total size in octets. */
export class LruStatusListCache<Entry extends { readonly list: { readonly size: number } }> {
  readonly #lists = new BoundedCache<Entry>({ max: maxLists, maxSize: maxOctets });

  get(key: string): Entry | undefined {
    return this.#lists.get(key);
  }

  set(key: string, entry: Entry): void {
    this.#lists.set(key, entry, entry.list.size);
  }
}
