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

/** Told what came of a signature, or why nothing did. */
export type VerifyCallback = (failure: unknown, verdict: boolean) => void;

/** Verifies a JWS signature in the thread pool. Calls back once, and not before it has returned; may throw instead. */
export function verifySignatureInPool(
  key: PublicKey,
  signingInput: string,
  signature: Uint8Array,
  callback: VerifyCallback,
): void {
  if (fitsKey(key, signature)) {
    verify(key.algorithm.digest, Buffer.from(signingInput, 'latin1'), key.material, signature, callback);
  } else {
    queueMicrotask(() => callback(null, false));
  }
}
