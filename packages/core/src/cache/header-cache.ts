import type { CompactJws, KnownHeaders } from '../jws/compact.js';
import type { JsonObject } from '../jws/json.js';
import { BoundedCache } from './bounded-cache.js';

const maxEntries = 1000;
const maxCharacters = 256 * 1024;

/**
 * Caches the headers of verified tokens. An issuer uses few different headers, and every token
 * repeats one of them. Headers of other tokens are not cached, so that an attacker cannot fill the
 * cache.
 */
export class HeaderCache implements KnownHeaders {
  readonly #headers = new BoundedCache<JsonObject>({ max: maxEntries, maxSize: maxCharacters });
  readonly #cachedHeaders = new WeakSet<JsonObject>();

  get(segment: string): JsonObject | undefined {
    return this.#headers.get(segment);
  }

  set({ header, signingInput }: CompactJws): void {
    if (this.#cachedHeaders.has(header)) return;
    this.#cachedHeaders.add(header);
    // A copy: a slice would keep the whole token in memory.
    const segment = Buffer.from(signingInput.slice(0, signingInput.indexOf('.')), 'latin1').toString('latin1');
    this.#headers.set(segment, header, segment.length);
  }
}
