import { LRUCache } from 'lru-cache';
import type { Credential, LocalVerification } from '../model/stages.js';
import { Doorkeeper } from './doorkeeper.js';

/** How much a {@link TokenCache} may remember. */
export interface TokenCacheSettings {
  readonly maxEntries: number;
  /** Octets of token text that the entries stand for. */
  readonly maxBytes: number;
}

/** The part of the memory that is open to what comes for the first time. */
const openPart = 1 / 8;

/**
 * Remembers what verified tokens are, by the SHA-256 of the token: neither the token nor anything that changes with
 * time, so that whoever asks has to judge both again. Bounded; what was used least recently goes first. Beyond a first part of
 * it, what comes once is not remembered: a flood of such tokens costs no memory and pushes out none that is in use.
 */
export class TokenCache {
  readonly #settings: TokenCacheSettings;
  readonly #entries: LRUCache<string, LocalVerification>;
  /** Made when it is needed. */
  #doorkeeper: Doorkeeper | undefined;

  constructor(settings: TokenCacheSettings) {
    this.#settings = settings;
    this.#entries = new LRUCache({ max: settings.maxEntries, maxSize: settings.maxBytes });
  }

  recall({ digest }: Credential): LocalVerification | undefined {
    return this.#entries.get(digest);
  }

  remember({ digest, token }: Credential, verification: LocalVerification): void {
    const known = this.#entries.peek(digest);
    if (known === verification) return;
    if (known === undefined && !this.#hasPlentyOfRoom && !this.#comesAgain(digest)) return;
    this.#entries.set(digest, verification, { size: token.length });
  }

  #comesAgain(digest: string): boolean {
    this.#doorkeeper ??= new Doorkeeper();
    return this.#doorkeeper.hasSeen(digest);
  }

  get #hasPlentyOfRoom(): boolean {
    const { size, calculatedSize } = this.#entries;
    return size < this.#settings.maxEntries * openPart && calculatedSize < this.#settings.maxBytes * openPart;
  }
}
