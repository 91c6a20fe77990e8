import { algorithmProfile, type KeyAlgorithm } from '../jws/algorithms.js';
import { type CompactJws, decodeCompactJws, looksLikeCompactJws } from '../jws/compact.js';
import type { JsonObject } from '../jws/json.js';
import { Malformed } from '../jws/malformed.js';
import { verifySignature } from '../jws/verify.js';
import { isPromiseLike } from '../model/maybe-promise.js';
import type { KeySource } from '../model/ports.js';
import { Refusal } from '../model/refusal.js';

/** The issuer that must have signed a document. */
export interface DocumentSigner {
  readonly issuer: string;
  /** The algorithms that the issuer may sign with. */
  readonly algorithms: ReadonlySet<KeyAlgorithm>;
  /** The issuer's public keys. */
  readonly keys: KeySource;
}

/**
 * Reads a JWT that an issuer has signed and that is not an access token: an introspection answer or
 * a status list. Verifies `typ` and the signature. Does not check any claim.
 *
 * @param type the required `typ`, without `application/` (RFC 8725 section 3.11)
 */
export async function readSignedDocument(
  octets: Uint8Array,
  type: string,
  signer: DocumentSigner,
): Promise<JsonObject | Malformed> {
  const text = Buffer.from(octets).toString('latin1').trim();
  const jws = looksLikeCompactJws(text) ? decodeCompactJws(text) : new Malformed('not a signed JWT');
  if (jws instanceof Malformed) return jws;
  const fault = headerFault(jws.header, type) ?? (await signatureFault(jws, signer));
  return fault === undefined ? jws.payload : new Malformed(fault);
}

function headerFault({ typ, crit, b64 }: JsonObject, type: string): string | undefined {
  if (crit !== undefined || b64 !== undefined) return 'crit or b64: not supported';
  const found = typeof typ === 'string' ? typ.toLowerCase().replace(/^application\//, '') : undefined;
  return found === type ? undefined : `typ: not ${type}`;
}

async function signatureFault(jws: CompactJws, { algorithms, keys }: DocumentSigner): Promise<string | undefined> {
  const { alg, kid } = jws.header;
  const profile = typeof alg === 'string' ? algorithmProfile(alg) : undefined;
  if (profile === undefined || !algorithms.has(profile.name)) return 'alg: not allowed';
  if (kid !== undefined && typeof kid !== 'string') return 'kid: not a string';
  const found = keys.find({ kid, algorithm: profile.name });
  const key = await found;
  if (key instanceof Refusal) return `no key to verify it (${key.code})`;
  if (verifySignature(key, jws.signingInput, jws.signature) === true) return undefined;
  // The issuer may have replaced the key and kept its `kid`. If the key set was fetched just now,
  // it is not fetched again.
  if (isPromiseLike(found)) return "signature: not the issuer's";
  const replacement = await keys.findReplacement({ kid, algorithm: profile.name }, key);
  if (replacement instanceof Refusal) return `no key to verify it (${replacement.code})`;
  const isVerified =
    replacement !== undefined && verifySignature(replacement, jws.signingInput, jws.signature) === true;
  return isVerified ? undefined : "signature: not the issuer's";
}
