import { BoundedCache } from './bounded-cache.js';

const maxLists = 1000;
const maxOctets = 32 * 1024 * 1024;

/** Remembers status lists: so many, of so many octets in all. */
export class LruStatusListCache<Held extends { readonly list: { readonly size: number } }> {
  readonly #lists = new BoundedCache<Held>({ max: maxLists, maxSize: maxOctets });

  get(key: string): Held | undefined {
    return this.#lists.get(key);
  }

  set(key: string, held: Held): void {
    this.#lists.set(key, held, held.list.size);
  }
}
