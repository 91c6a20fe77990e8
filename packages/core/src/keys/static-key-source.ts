import type { PublicKey } from '../jws/public-key.js';
import type { KeyQuery, KeySource, KeyStatus } from '../model/ports.js';
import type { Refusal } from '../model/refusal.js';
import type { KeySet } from './key-set.js';
import { unknownKey } from './unknown-key.js';

/** Keys from the configuration. Fetches nothing, and never has a newer set. */
export class StaticKeySource implements KeySource {
  readonly #keys: KeySet;

  constructor(keys: KeySet) {
    this.#keys = keys;
  }

  find(query: KeyQuery): PublicKey | Refusal {
    return this.#keys.choose(query) ?? unknownKey(query, this.#keys);
  }

  findReplacement(): undefined {
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
