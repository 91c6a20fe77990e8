import { setImmediate } from 'node:timers/promises';
import { algorithmProfile } from '../jws/algorithms.js';
import type { JsonObject, JsonValue } from '../jws/json.js';
import { Malformed } from '../jws/malformed.js';
import { importPublicKey, type KeyRules, PublicKey } from '../jws/public-key.js';
import type { KeyQuery } from '../model/ports.js';
import { Refusal, shown } from '../model/refusal.js';

const maxKeys = 1000;
/** OpenSSL takes up to 2 ms to check one point of P-521. */
const keysInOneStep = 4;

/** The usable keys of one issuer at one time. A new set replaces the old one whole. */
export class KeySet {
  readonly #byKid: ReadonlyMap<string | undefined, readonly PublicKey[]>;
  readonly #all: readonly PublicKey[];
  readonly #skipped: ReadonlyMap<JsonValue | undefined, string>;

  /** @param skipped why keys of the set are not among `keys`, by kid */
  constructor(keys: readonly PublicKey[], skipped: ReadonlyMap<JsonValue | undefined, string> = new Map()) {
    this.#all = keys;
    this.#skipped = skipped;
    const byKid = new Map<string | undefined, PublicKey[]>();
    for (const key of keys) byKid.set(key.kid, [...(byKid.get(key.kid) ?? []), key]);
    this.#byKid = byKid;
  }

  get size(): number {
    return this.#all.length;
  }

  /** Why the key of this `kid` cannot be used; `undefined` where there is none. */
  whySkipped(kid: string | undefined): string | undefined {
    return this.#skipped.get(kid);
  }

  /**
   * The one key that fits a token's `kid` and `alg`.
   *
   * @returns `undefined` when the set has no key of that `kid`, so that a newer set might
   */
  choose({ kid, algorithm }: KeyQuery): PublicKey | Refusal | undefined {
    const named = kid === undefined ? this.#all : this.#byKid.get(kid);
    if (named === undefined) return undefined;
    const profile = algorithmProfile(algorithm);
    const [only] = named;
    if (named.length === 1 && only?.algorithm === profile) return only;
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
 */
export function importKeySet(document: JsonObject, rules: KeyRules): KeySet | Malformed {
  const steps = importInSteps(document, rules);
  for (;;) {
    const { done, value } = steps.next();
    if (done === true) return value;
  }
}

/** As {@link importKeySet}, with turns for others in between: a large set of a fetched document must hold up nobody. */
export function importKeySetInTurns(document: JsonObject, rules: KeyRules): Promise<KeySet | Malformed> {
  // One set after the other, whosever they are: a hundred in turns at once would hold up everybody as one large one does.
  const imported = importing.then(() => importStepwise(document, rules));
  importing = imported.catch(() => {});
  return imported;
}

let importing: Promise<unknown> = Promise.resolve();

async function importStepwise(document: JsonObject, rules: KeyRules): Promise<KeySet | Malformed> {
  const steps = importInSteps(document, rules);
  for (;;) {
    const { done, value } = steps.next();
    if (done === true) return value;
    await setImmediate();
  }
}

function* importInSteps({ keys }: JsonObject, rules: KeyRules): Generator<undefined, KeySet | Malformed, undefined> {
  if (!Array.isArray(keys)) return new Malformed('keys: not an array');
  if (keys.length > maxKeys) return new Malformed(`keys: more than ${maxKeys}`);
  const usable: PublicKey[] = [];
  const skipped = new Map<JsonValue | undefined, string>();
  for (const [at, jwk] of (keys as readonly JsonValue[]).entries()) {
    if (at % keysInOneStep === keysInOneStep - 1) yield;
    const key = isObject(jwk) ? importPublicKey(jwk, rules) : new Malformed('not an object');
    if (key instanceof PublicKey) usable.push(key);
    else skipped.set(isObject(jwk) ? jwk['kid'] : undefined, key.reason);
  }
  return new KeySet(usable, skipped);
}

function isObject(value: JsonValue): value is JsonObject {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
