import { verify } from 'node:crypto';
import type { PublicKey } from './public-key.js';

/*
 * Every signature check of the project happens in this module. The synchronous and the thread pool
 * function return the same verdict. They differ only in the thread that does the work. The signing
 * input is the ASCII text as received (RFC 7515 section 5.2), never a re-encoding. Both functions
 * fail only if `node:crypto` itself fails.
 */

/**
 * Whether a signature has the length that every signature by `key` has. A signature of another
 * length is invalid without any computation.
 */
export function fitsKey(key: PublicKey, signature: Uint8Array): boolean {
  // ECDSA signatures are R and S at full length (RFC 7518 section 3.4), never DER and never padded.
  return signature.length === key.signatureOctets;
}

/** Verifies a JWS signature synchronously. */
export function verifySignature(key: PublicKey, signingInput: string, signature: Uint8Array): boolean {
  if (!fitsKey(key, signature)) return false;
  return verify(key.algorithm.digest, Buffer.from(signingInput, 'latin1'), key.material, signature);
}

/** Receives the verdict on a signature, or the failure of `node:crypto`. */
export type VerifyCallback = (failure: unknown, verdict: boolean) => void;

/**
 * Verifies a JWS signature in the thread pool. Calls `callback` once, after this function has
 * returned. May throw instead.
 */
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
