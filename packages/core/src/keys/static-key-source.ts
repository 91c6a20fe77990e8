import type { PublicKey } from '../jws/public-key.js';
import type { KeyQuery, KeySource, KeyStatus } from '../model/ports.js';
import type { Refusal } from '../model/refusal.js';
import type { KeySet } from './key-set.js';
import { unknownKey } from './unknown-key.js';

/** Keys that were configured: no network, and no newer set to hope for. */
export class StaticKeySource implements KeySource {
  readonly #keys: KeySet;

  constructor(keys: KeySet) {
    this.#keys = keys;
  }

  find(query: KeyQuery): PublicKey | Refusal {
    return this.#keys.choose(query) ?? unknownKey(query, this.#keys);
  }

  findNewer(): undefined {
    return undefined;
  }

  async ready(): Promise<undefined> {
    return undefined;
  }

  status(): KeyStatus {
    return Object.freeze({ keys: 'given', fetches: 0 });
  }

  snapshot(): undefined {
    return undefined;
  }
}
