import { algorithmProfile, type KeyAlgorithm } from '../jws/algorithms.js';
import type { PublicKey } from '../jws/public-key.js';
import { chain, isPromiseLike, type MaybePromise } from '../model/maybe-promise.js';
import type { KeySource } from '../model/ports.js';
import { Refusal, shown } from '../model/refusal.js';
import { type ParsedToken, SignedToken } from '../model/stages.js';
import type { VerificationQueue } from './verification-queue.js';

/** What this room is set to, for one issuer. */
export interface SignatureSettings {
  /** The algorithms this issuer may sign with, by their fully-specified names. */
  readonly algorithms: ReadonlySet<KeyAlgorithm>;
  readonly keys: KeySource;
}

const invalid = new Refusal('signature_invalid', { expected: "the issuer's signature" });

/**
 * Finds the key a token names among its issuer's and verifies the signature with it, in its turn.
 *
 * @param next goes on with what came of it; taken here, since most answers come by way of a promise, and each further one costs
 */
export function checkSignature<T>(
  token: ParsedToken,
  settings: SignatureSettings,
  queue: VerificationQueue,
  next: (outcome: SignedToken | Refusal) => MaybePromise<T>,
): MaybePromise<T> {
  // Before any key is looked for: neither `none` nor an algorithm nobody asked for costs a fetch.
  const profile = algorithmProfile(token.algorithm);
  if (profile === undefined || !settings.algorithms.has(profile.name)) {
    const expected = `alg: ${[...settings.algorithms].join(', ')}`;
    return next(new Refusal('algorithm_refused', { expected, found: shown(token.algorithm) }));
  }
  const found = settings.keys.find(token);
  // A request that has waited for a fetch has the newest set, and does not wait a second time.
  const mayHaveNewer = !isPromiseLike(found);
  return chain(found, (key) => {
    if (key instanceof Refusal) return next(key);
    return chain(verifyWith(key, token, queue), (outcome) =>
      outcome === invalid && mayHaveNewer ? verifyWithNewer(token, key, settings.keys, queue, next) : next(outcome),
    );
  });
}

function verifyWith(key: PublicKey, token: ParsedToken, queue: VerificationQueue): MaybePromise<SignedToken | Refusal> {
  const { signingInput, signature } = token.jws;
  return chain<boolean | Refusal, SignedToken | Refusal>(queue.verify(key, signingInput, signature), (verdict) => {
    if (verdict instanceof Refusal) return verdict;
    // Nothing but true: an answer of another kind must not pass for one.
    return verdict === true ? new SignedToken(token, key) : invalid;
  });
}

/** Verifies once more where the issuer has replaced the key and kept its `kid`; not where it has the same key. */
function verifyWithNewer<T>(
  token: ParsedToken,
  failed: PublicKey,
  keys: KeySource,
  queue: VerificationQueue,
  next: (outcome: SignedToken | Refusal) => MaybePromise<T>,
): MaybePromise<T> {
  return chain(keys.findNewer(token, failed), (newer) => {
    if (newer === undefined || newer instanceof Refusal) return next(newer ?? invalid);
    return chain(verifyWith(newer, token, queue), next);
  });
}
