import type { CompactJws, KnownHeaders } from '../jws/compact.js';
import type { JsonObject } from '../jws/json.js';
import { BoundedCache } from './bounded-cache.js';

const maxEntries = 1000;
const maxCharacters = 256 * 1024;

/**
 * Remembers the headers of tokens that were verified: an issuer's are few and come with every token of it. Only those, so
 * that nobody else can fill it.
 */
export class HeaderCache implements KnownHeaders {
  readonly #headers = new BoundedCache<JsonObject>({ max: maxEntries, maxSize: maxCharacters });
  readonly #known = new WeakSet<JsonObject>();

  get(segment: string): JsonObject | undefined {
    return this.#headers.get(segment);
  }

  set({ header, signingInput }: CompactJws): void {
    if (this.#known.has(header)) return;
    this.#known.add(header);
    // A copy: a slice would keep the whole token in memory.
    const segment = Buffer.from(signingInput.slice(0, signingInput.indexOf('.')), 'latin1').toString('latin1');
    this.#headers.set(segment, header, segment.length);
  }
}
