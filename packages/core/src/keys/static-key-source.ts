import type { PublicKey } from '../jws/public-key.js';
import type { KeySource } from '../model/ports.js';
import { Refusal, shown } from '../model/refusal.js';
import type { ParsedToken } from '../model/stages.js';
import type { KeySet } from './key-set.js';

/** Keys that were configured: no network, and no newer set to hope for. */
export class StaticKeySource implements KeySource {
  readonly #keys: KeySet;

  constructor(keys: KeySet) {
    this.#keys = keys;
  }

  find(token: ParsedToken): PublicKey | Refusal {
    return this.#keys.choose(token) ?? unknownKey(token);
  }

  async ready(): Promise<undefined> {
    return undefined;
  }
}

/** The answer to a `kid` that no key of the issuer has. */
export function unknownKey({ kid }: ParsedToken): Refusal {
  return new Refusal('key_unknown', { expected: 'kid: a key of the issuer', found: shown(kid) });
}
