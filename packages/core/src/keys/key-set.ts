import { setImmediate } from 'node:timers/promises';
import { algorithmProfile } from '../jws/algorithms.js';
import type { JsonObject, JsonValue } from '../jws/json.js';
import { Malformed } from '../jws/malformed.js';
import { importPublicKey, type KeyRules, PublicKey } from '../jws/public-key.js';
import type { KeyQuery } from '../model/ports.js';
import { Refusal, shown } from '../model/refusal.js';

/** Limit for the keys of one set. */
const maxKeys = 1000;
/**
 * Number of keys that are imported before control returns to the event loop. OpenSSL takes up to
 * 2 ms to check one P-521 point.
 */
const keysPerStep = 4;

/** The usable keys of one issuer at one time. A new set replaces the old set completely. */
export class KeySet {
  readonly #byKid: ReadonlyMap<string | undefined, readonly PublicKey[]>;
  readonly #all: readonly PublicKey[];
  readonly #skipped: ReadonlyMap<JsonValue | undefined, string>;

  /** @param skipped why keys of the document are missing from `keys`, by `kid` */
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

  /** Why the key with this `kid` was skipped; `undefined` if no key with it was skipped. */
  whySkipped(kid: string | undefined): string | undefined {
    return this.#skipped.get(kid);
  }

  /**
   * The only key that fits a token's `kid` and `alg`.
   *
   * @returns a refusal when the `kid` is known, but not exactly one of its keys fits; `undefined`
   *   when the set has no key for the `kid`, so that a newer set may have one
   */
  choose({ kid, algorithm }: KeyQuery): PublicKey | Refusal | undefined {
    const named = kid === undefined ? this.#all : this.#byKid.get(kid);
    if (named === undefined) return undefined;
    const profile = algorithmProfile(algorithm);
    const [only] = named;
    if (named.length === 1 && only?.algorithm === profile) return only;
    const fitting = named.filter((key) => key.algorithm === profile);
    if (fitting.length === 1) return fitting[0];
    // If several keys fit, the token is refused. Trying one key after another would let the token
    // choose the key.
    if (fitting.length > 1) return new Refusal('key_unknown', { expected: 'one key that fits', found: shown(kid) });
    if (kid === undefined) return undefined;
    return new Refusal('algorithm_refused', { expected: 'alg: the algorithm of the key', found: shown(algorithm) });
  }
}

/**
 * Imports a JWK set. Skips each key that cannot be used, so that one bad key does not make the
 * tokens of the other keys fail.
 *
 * @see RFC 7517 section 5
 */
export function importKeySet(document: JsonObject, rules: KeyRules): KeySet | Malformed {
  const steps = importInSteps(document, rules);
  for (;;) {
    const { done, value } = steps.next();
    if (done === true) return value;
  }
}

/**
 * Like {@link importKeySet}, but returns control to the event loop after every few keys. A large
 * set in a fetched document must not delay other requests.
 */
export function importKeySetStepwise(document: JsonObject, rules: KeyRules): Promise<KeySet | Malformed> {
  // Sets are imported one after another, also those of different issuers. A hundred parallel
  // imports would delay requests as much as one large set imported at once.
  const imported = lastImport.then(() => importStepwise(document, rules));
  lastImport = imported.catch(() => {});
  return imported;
}

let lastImport: Promise<unknown> = Promise.resolve();

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
    if (at % keysPerStep === keysPerStep - 1) yield;
    const key = isObject(jwk) ? importPublicKey(jwk, rules) : new Malformed('not an object');
    if (key instanceof PublicKey) usable.push(key);
    else skipped.set(isObject(jwk) ? jwk['kid'] : undefined, key.reason);
  }
  return new KeySet(usable, skipped);
}

function isObject(value: JsonValue): value is JsonObject {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
