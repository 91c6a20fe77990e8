import { verify } from 'node:crypto';
import type { PublicKey } from './public-key.js';

/*
 * The whole engine: nothing else in the project knows how a signature is checked. Its two ways differ in where the work
 * is done, and give one verdict. The signing input are the ASCII octets received (RFC 7515 section 5.2), never a
 * re-encoding. Both fail only when the engine itself failed.
 */

/** Whether a signature has the length that every one by `key` has; of another length it needs no engine. */
export function fitsKey(key: PublicKey, signature: Uint8Array): boolean {
  // ECDSA signatures are R and S at full length (RFC 7518 section 3.4), never DER and never padded.
  return signature.length === key.signatureOctets;
}

/** Verifies a JWS signature here and now. */
export function verifySignature(key: PublicKey, signingInput: string, signature: Uint8Array): boolean {
  if (!fitsKey(key, signature)) return false;
  return verify(key.algorithm.digest, Buffer.from(signingInput, 'latin1'), key.material, signature);
}

/** Verifies a JWS signature in the thread pool. */
export function verifySignatureInPool(key: PublicKey, signingInput: string, signature: Uint8Array): Promise<boolean> {
  if (!fitsKey(key, signature)) return Promise.resolve(false);
  return new Promise((resolve, reject) => {
    verify(key.algorithm.digest, Buffer.from(signingInput, 'latin1'), key.material, signature, (failure, verdict) => {
      if (failure === null) resolve(verdict);
      else reject(failure);
    });
  });
}
