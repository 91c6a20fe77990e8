import { LRUCache } from 'lru-cache';
import type { Verification, VerifiedToken } from '../model/stages.js';
import { Doorkeeper } from './doorkeeper.js';

/** How much a {@link TokenCache} may remember. */
export interface TokenCacheSettings {
  readonly maxEntries: number;
  /** Octets of token text that the entries stand for. */
  readonly maxBytes: number;
}

/**
 * Remembers what verified tokens are, by the SHA-256 of the token: neither the token nor anything that changes with
 * time, so that whoever asks has to judge both again. Bounded; what was used least recently goes first, and when all is
 * full, only for what comes a second time.
 */
export class TokenCache {
  readonly #settings: TokenCacheSettings;
  readonly #entries: LRUCache<string, Verification>;
  readonly #doorkeeper = new Doorkeeper();

  constructor(settings: TokenCacheSettings) {
    this.#settings = settings;
    this.#entries = new LRUCache({ max: settings.maxEntries, maxSize: settings.maxBytes });
  }

  recall({ digest }: VerifiedToken['credential']): Verification | undefined {
    return this.#entries.get(digest);
  }

  remember({ credential, verification }: VerifiedToken): void {
    const { digest, token } = credential;
    const known = this.#entries.peek(digest);
    if (known === verification) return;
    if (known === undefined && !this.#hasRoomFor(token.length) && !this.#doorkeeper.hasSeen(digest)) return;
    this.#entries.set(digest, verification, { size: token.length });
  }

  #hasRoomFor(bytes: number): boolean {
    const { size, calculatedSize } = this.#entries;
    return size < this.#settings.maxEntries && calculatedSize + bytes <= this.#settings.maxBytes;
  }
}
