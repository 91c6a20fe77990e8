import type { PublicKey } from '../../src/jws/public-key.js';
import { verifySignature, verifySignatureInPool } from '../../src/jws/verify.js';

/** The verdict of the engine, here and in the thread pool; a test in which they differ fails. */
export async function verifyBothWays(key: PublicKey, signingInput: string, signature: Uint8Array): Promise<boolean> {
  const inPool = await verifySignatureInPool(key, signingInput, signature);
  const here = verifySignature(key, signingInput, signature);
  if (here !== inPool) throw new Error(`here ${here}, in the pool ${inPool}`);
  return here;
}
