import type { PublicKey } from '../jws/public-key.js';
import type { KeySource } from '../model/ports.js';
import type { Refusal } from '../model/refusal.js';
import type { ParsedToken } from '../model/stages.js';
import type { KeySet } from './key-set.js';
import { unknownKey } from './unknown-key.js';

/** Keys that were configured: no network, and no newer set to hope for. */
export class StaticKeySource implements KeySource {
  readonly #keys: KeySet;

  constructor(keys: KeySet) {
    this.#keys = keys;
  }

  find(token: ParsedToken): PublicKey | Refusal {
    return this.#keys.choose(token) ?? unknownKey(token, this.#keys);
  }

  async ready(): Promise<undefined> {
    return undefined;
  }
}
