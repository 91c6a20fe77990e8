import { algorithmProfile, type KeyAlgorithm } from '../jws/algorithms.js';
import { verifySignature } from '../jws/verify.js';
import type { KeySource } from '../model/ports.js';
import { Refusal, shown } from '../model/refusal.js';
import { type ParsedToken, SignedToken } from '../model/stages.js';

/** What this room is set to, for one issuer. */
export interface SignatureSettings {
  /** The algorithms this issuer may sign with, by their fully-specified names. */
  readonly algorithms: ReadonlySet<KeyAlgorithm>;
  readonly keys: KeySource;
}

const invalid = new Refusal('signature_invalid', { expected: "the issuer's signature" });

/** Finds the key a token names among its issuer's and verifies the signature with it. */
export async function checkSignature(token: ParsedToken, settings: SignatureSettings): Promise<SignedToken | Refusal> {
  // Before any key is looked for: neither `none` nor an algorithm nobody asked for costs a fetch.
  const profile = algorithmProfile(token.algorithm);
  if (profile === undefined || !settings.algorithms.has(profile.name)) {
    const expected = `alg: ${[...settings.algorithms].join(', ')}`;
    return new Refusal('algorithm_refused', { expected, found: shown(token.algorithm) });
  }
  const key = await settings.keys.find(token);
  if (key instanceof Refusal) return key;
  const { signingInput, signature } = token.jws;
  return (await verifySignature(key, signingInput, signature)) ? new SignedToken(token, key) : invalid;
}
