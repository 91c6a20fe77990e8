import { algorithmProfile, type KeyAlgorithm } from '../jws/algorithms.js';
import type { PublicKey } from '../jws/public-key.js';
import { chain, isPromiseLike, type MaybePromise } from '../model/maybe-promise.js';
import type { KeySource } from '../model/ports.js';
import { Refusal, shown } from '../model/refusal.js';
import { type ParsedToken, SignedToken } from '../model/stages.js';
import type { VerificationQueue } from './verification-queue.js';

/** Settings of the signature check for one issuer. */
export interface SignatureSettings {
  /** The algorithms that this issuer may sign with, by their fully-specified names. */
  readonly algorithms: ReadonlySet<KeyAlgorithm>;
  /** The issuer's public keys. */
  readonly keys: KeySource;
}

const invalid = new Refusal('signature_invalid', { expected: "the issuer's signature" });

/**
 * Finds the issuer's key that the token names, and verifies the signature with it.
 *
 * Does not check any claim, and does not check whether the issuer is trusted.
 *
 * @param next receives the outcome. It is a parameter because most outcomes arrive through a
 *   promise, and each additional promise costs time on every request.
 */
export function checkSignature<T>(
  token: ParsedToken,
  settings: SignatureSettings,
  queue: VerificationQueue,
  next: (outcome: SignedToken | Refusal) => MaybePromise<T>,
): MaybePromise<T> {
  // Checked before the key look-up: a token with `none`, or with an algorithm that is not
  // configured, causes no fetch.
  const profile = algorithmProfile(token.algorithm);
  if (profile === undefined || !settings.algorithms.has(profile.name)) {
    const expected = `alg: ${[...settings.algorithms].join(', ')}`;
    return next(new Refusal('algorithm_refused', { expected, found: shown(token.algorithm) }));
  }
  const found = settings.keys.find(token);
  // If this request has waited for a fetch, the key set is the newest one: do not fetch again.
  const mayHaveNewer = !isPromiseLike(found);
  return chain(found, (key) => {
    if (key instanceof Refusal) return next(key);
    return chain(verifyWith(key, token, queue), (outcome) =>
      outcome === invalid && mayHaveNewer
        ? verifyWithReplacement(token, key, settings.keys, queue, next)
        : next(outcome),
    );
  });
}

function verifyWith(key: PublicKey, token: ParsedToken, queue: VerificationQueue): MaybePromise<SignedToken | Refusal> {
  const { signingInput, signature } = token.jws;
  return chain<boolean | Refusal, SignedToken | Refusal>(queue.verify(key, signingInput, signature), (verdict) => {
    if (verdict instanceof Refusal) return verdict;
    // Only `true` means valid. Any other value counts as an invalid signature.
    return verdict === true ? new SignedToken(token, key) : invalid;
  });
}

/**
 * Verifies once more if the issuer has replaced the key and kept its `kid`. If the key is still the
 * same, the token is refused.
 */
function verifyWithReplacement<T>(
  token: ParsedToken,
  failed: PublicKey,
  keys: KeySource,
  queue: VerificationQueue,
  next: (outcome: SignedToken | Refusal) => MaybePromise<T>,
): MaybePromise<T> {
  return chain(keys.findReplacement(token, failed), (replacement) => {
    if (replacement === undefined || replacement instanceof Refusal) return next(replacement ?? invalid);
    return chain(verifyWith(replacement, token, queue), next);
  });
}
