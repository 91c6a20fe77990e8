import type { Credential, LocalVerification } from '../model/stages.js';
import { BloomFilter } from './bloom-filter.js';
import { BoundedCache } from './bounded-cache.js';

/** How much a {@link TokenCache} may remember. */
export interface TokenCacheSettings {
  readonly maxEntries: number;
  /** Octets of token text that the entries stand for. */
  readonly maxBytes: number;
}

/** The part of the memory that is open to what comes for the first time. */
const openPart = 1 / 8;

/** What is remembered of one token. */
interface Remembered {
  /** SHA-256 of the token. */
  readonly digest: string;
  readonly verification: LocalVerification;
}

/**
 * Remembers what verified tokens are, by the SHA-256 of the token: neither the token nor anything that changes with
 * time, so that whoever asks has to judge both again. They stand under the last characters of their signatures, so that a token that
 * is not here costs no hash; one that ends like another is told from it by the hash. Bounded; what was used least recently goes first. Beyond a first part of
 * it, what comes once is not remembered: a flood of such tokens costs no memory and pushes out none that is in use.
 */
export class TokenCache {
  readonly #settings: TokenCacheSettings;
  readonly #entries: BoundedCache<Remembered>;
  /** Made when it is needed. */
  #bloomFilter: BloomFilter | undefined;

  constructor(settings: TokenCacheSettings) {
    this.#settings = settings;
    this.#entries = new BoundedCache({ max: settings.maxEntries, maxSize: settings.maxBytes });
  }

  get(credential: Credential): LocalVerification | undefined {
    const known = this.#entries.get(endOf(credential.token));
    return known !== undefined && known.digest === credential.digest ? known.verification : undefined;
  }

  set(credential: Credential, verification: LocalVerification): void {
    const { token } = credential;
    const end = endOf(token);
    const known = this.#entries.peek(end);
    if (known?.verification === verification) return;
    if (known === undefined && !this.#hasPlentyOfRoom && !this.#comesAgain(end)) return;
    this.#entries.set(end, { digest: credential.digest, verification }, token.length);
  }

  #comesAgain(end: string): boolean {
    this.#bloomFilter ??= new BloomFilter();
    return this.#bloomFilter.hasSeen(end);
  }

  get #hasPlentyOfRoom(): boolean {
    const { size, totalSize } = this.#entries;
    return size < this.#settings.maxEntries * openPart && totalSize < this.#settings.maxBytes * openPart;
  }
}

/**
 * The last characters of a signature: 72 bits that are as good as random. Few enough that V8 copies them, where a longer slice would keep
 * its whole token in memory.
 */
function endOf(token: string): string {
  return token.slice(-12);
}
