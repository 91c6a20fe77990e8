import { LRUCache } from 'lru-cache';
import type { Verification, VerifiedToken } from '../model/stages.js';

/** How much a {@link TokenCache} may remember. */
export interface TokenCacheSettings {
  readonly maxEntries: number;
  /** Octets of token text that the entries stand for. */
  readonly maxBytes: number;
}

/**
 * Remembers what verified tokens are, by the SHA-256 of the token: neither the token nor anything that changes with
 * time, so that whoever asks has to judge both again. Bounded; what was used least recently goes first.
 */
export class TokenCache {
  readonly #entries: LRUCache<string, Verification>;

  constructor({ maxEntries, maxBytes }: TokenCacheSettings) {
    this.#entries = new LRUCache({ max: maxEntries, maxSize: maxBytes });
  }

  recall({ digest }: VerifiedToken['credential']): Verification | undefined {
    return this.#entries.get(digest);
  }

  remember({ credential, verification }: VerifiedToken): void {
    if (this.#entries.has(credential.digest)) return;
    this.#entries.set(credential.digest, verification, { size: credential.token.length });
  }
}
