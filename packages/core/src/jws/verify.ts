import { verify } from 'node:crypto';
import type { PublicKey } from './public-key.js';

/**
 * Verifies a JWS signature off the event loop. This file is the whole engine: nothing else in
 * the project knows how a signature is checked.
 *
 * @param signingInput the ASCII octets received (RFC 7515 section 5.2), never a re-encoding
 * @returns whether `signature` is this key's; rejects only when the engine itself failed
 */
export function verifySignature(key: PublicKey, signingInput: string, signature: Uint8Array): Promise<boolean> {
  // ECDSA signatures are R and S at full length (RFC 7518 section 3.4), never DER and never padded.
  if (signature.length !== key.signatureOctets) return Promise.resolve(false);
  return new Promise((resolve, reject) => {
    verify(key.algorithm.digest, Buffer.from(signingInput, 'latin1'), key.material, signature, (failure, verified) => {
      if (failure === null) resolve(verified);
      else reject(failure);
    });
  });
}
