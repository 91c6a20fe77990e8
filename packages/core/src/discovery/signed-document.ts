import { algorithmProfile, type KeyAlgorithm } from '../jws/algorithms.js';
import { type CompactJws, decodeCompactJws, looksLikeCompactJws } from '../jws/compact.js';
import type { JsonObject } from '../jws/json.js';
import { Malformed } from '../jws/malformed.js';
import { verifySignature } from '../jws/verify.js';
import { isPromiseLike } from '../model/maybe-promise.js';
import type { KeySource } from '../model/ports.js';
import { Refusal } from '../model/refusal.js';

/** Whose signature counts. */
export interface DocumentSigner {
  readonly issuer: string;
  readonly algorithms: ReadonlySet<KeyAlgorithm>;
  readonly keys: KeySource;
}

/**
 * Reads a JWT that an issuer has signed and that is no access token: an introspection answer, a status list. Its claims are still to be
 * judged.
 *
 * @param type the `typ` that it must have, without `application/` (RFC 8725 section 3.11)
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
  // The issuer may have replaced the key and kept its `kid`. Not looked up where the set was fetched just now.
  if (isPromiseLike(found)) return "signature: not the issuer's";
  const newer = await keys.findNewer({ kid, algorithm: profile.name }, key);
  if (newer instanceof Refusal) return `no key to verify it (${newer.code})`;
  const isItsOwn = newer !== undefined && verifySignature(newer, jws.signingInput, jws.signature) === true;
  return isItsOwn ? undefined : "signature: not the issuer's";
}
