import type { PublicKey } from '../../src/jws/public-key.js';
import { type VerifyCallback, verifySignature, verifySignatureInPool } from '../../src/jws/verify.js';

/** The signature engine of the thread pool. */
export type PoolEngine = typeof verifySignatureInPool;

/** Converts the callback engine into a function that returns a promise. */
export function promisedEngine(engine: PoolEngine) {
  return (key: PublicKey, signingInput: string, signature: Uint8Array): Promise<boolean> =>
    new Promise((resolve, reject) => {
      engine(key, signingInput, signature, (failure, verdict) =>
        failure === null ? resolve(verdict) : reject(failure),
      );
    });
}

/** Converts a function that returns a promise into a callback engine. */
export function engineOf(verify: ReturnType<typeof promisedEngine>): PoolEngine {
  return (key: PublicKey, signingInput: string, signature: Uint8Array, callback: VerifyCallback) => {
    verify(key, signingInput, signature).then(
      (verdict) => callback(null, verdict),
      (failure: unknown) => callback(failure, false),
    );
  };
}

/** The verdict of the engine, on this thread and in the thread pool. Throws if they differ. */
export async function verifyBothWays(key: PublicKey, signingInput: string, signature: Uint8Array): Promise<boolean> {
  const inPool = await promisedEngine(verifySignatureInPool)(key, signingInput, signature);
  const here = verifySignature(key, signingInput, signature);
  if (here !== inPool) throw new Error(`here ${here}, in the pool ${inPool}`);
  return here;
}
