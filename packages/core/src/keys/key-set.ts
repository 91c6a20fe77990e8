import type { KeyAlgorithm } from '../jws/algorithms.js';
import { algorithmProfile } from '../jws/algorithms.js';
import type { JsonObject, JsonValue } from '../jws/json.js';
import { Malformed } from '../jws/malformed.js';
import { importPublicKey, PublicKey } from '../jws/public-key.js';
import { Refusal, shown } from '../model/refusal.js';
import type { ParsedToken } from '../model/stages.js';

const maxKeys = 1000;

/** The usable keys of one issuer at one time. A new set replaces the old one whole. */
export class KeySet {
  readonly #byKid: ReadonlyMap<string | undefined, readonly PublicKey[]>;
  readonly #all: readonly PublicKey[];

  constructor(keys: readonly PublicKey[]) {
    this.#all = keys;
    const byKid = new Map<string | undefined, PublicKey[]>();
    for (const key of keys) byKid.set(key.kid, [...(byKid.get(key.kid) ?? []), key]);
    this.#byKid = byKid;
  }

  get size(): number {
    return this.#all.length;
  }

  /**
   * The one key that fits a token's `kid` and `alg`.
   *
   * @returns `undefined` when the set has no key of that `kid`, so that a newer set might
   */
  choose({ kid, algorithm }: ParsedToken): PublicKey | Refusal | undefined {
    const named = kid === undefined ? this.#all : this.#byKid.get(kid);
    if (named === undefined) return undefined;
    const profile = algorithmProfile(algorithm);
    const fitting = named.filter((key) => key.algorithm === profile);
    if (fitting.length === 1) return fitting[0];
    // Trying one key after the other would let a token choose; two that fit are none.
    if (fitting.length > 1) return new Refusal('key_unknown', { expected: 'one key that fits', found: shown(kid) });
    if (kid === undefined) return undefined;
    return new Refusal('algorithm_refused', { expected: 'alg: the one of the key', found: shown(algorithm) });
  }
}

/**
 * Imports a JWK set (RFC 7517 section 5). A key that cannot be used is skipped, so that one bad
 * key does not lock out the users of the others.
 *
 * @param rsaAlgorithm what RSA keys without `alg` are for
 */
export function importKeySet(document: JsonObject, rsaAlgorithm: KeyAlgorithm): KeySet | Malformed {
  const { keys } = document;
  if (!Array.isArray(keys)) return new Malformed('keys: not an array');
  if (keys.length > maxKeys) return new Malformed(`keys: more than ${maxKeys}`);
  const imported = keys.map((jwk: JsonValue) => (isObject(jwk) ? importPublicKey(jwk, rsaAlgorithm) : undefined));
  return new KeySet(imported.filter((key) => key instanceof PublicKey));
}

function isObject(value: JsonValue): value is JsonObject {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
