import type { Credential, LocalVerification } from '../model/stages.js';
import { BloomFilter } from './bloom-filter.js';
import { BoundedCache } from './bounded-cache.js';

/** Limits of a {@link TokenCache}. */
export interface TokenCacheSettings {
  /** Largest number of entries. */
  readonly maxEntries: number;
  /** Largest sum of the lengths of all cached tokens. The token texts themselves are not stored. */
  readonly maxBytes: number;
}

/** The part of the cache that admits tokens the first time they are seen. */
const openPart = 1 / 8;

/** The entry of one token. */
interface Entry {
  /** SHA-256 of the token. */
  readonly digest: string;
  readonly verification: LocalVerification;
}

/**
 * Caches the verification results of tokens.
 *
 * An entry contains the SHA-256 of its token, not the token itself. It contains nothing that
 * changes with time: the caller must check expiry, revocation and the issuer's key on every
 * request.
 *
 * The key of an entry is the last characters of the signature, so that a cache miss costs no hash.
 * The hash tells tokens with the same last characters apart.
 *
 * The least recently used entry is evicted first. Once one eighth of the cache is full, a token is
 * cached only when it is seen twice. Then any number of one-time tokens uses no memory and evicts
 * no token in use.
 */
export class TokenCache {
  readonly #settings: TokenCacheSettings;
  readonly #entries: BoundedCache<Entry>;
  /** Created when it is first needed. */
  #bloomFilter: BloomFilter | undefined;

  constructor(settings: TokenCacheSettings) {
    this.#settings = settings;
    this.#entries = new BoundedCache({ max: settings.maxEntries, maxSize: settings.maxBytes });
  }

  get(credential: Credential): LocalVerification | undefined {
    const entry = this.#entries.get(endOf(credential.token));
    return entry !== undefined && entry.digest === credential.digest ? entry.verification : undefined;
  }

  set(credential: Credential, verification: LocalVerification): void {
    const { token } = credential;
    const end = endOf(token);
    const entry = this.#entries.peek(end);
    if (entry?.verification === verification) return;
    if (entry === undefined && !this.#admitsNewTokens && !this.#wasSeenBefore(end)) return;
    this.#entries.set(end, { digest: credential.digest, verification }, token.length);
  }

  #wasSeenBefore(end: string): boolean {
    this.#bloomFilter ??= new BloomFilter();
    return this.#bloomFilter.hasSeen(end);
  }

  get #admitsNewTokens(): boolean {
    const { size, totalSize } = this.#entries;
    return size < this.#settings.maxEntries * openPart && totalSize < this.#settings.maxBytes * openPart;
  }
}

/**
 * The last characters of a signature: 72 bits that are as good as random. V8 copies a slice of this
 * length. A longer slice would keep the whole token in memory.
 */
function endOf(token: string): string {
  return token.slice(-12);
}
