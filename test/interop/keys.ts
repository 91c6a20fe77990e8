import { randomUUID } from 'node:crypto';
import { exportJWK, generateKeyPair } from 'jose';
import type { JWK } from 'oidc-provider';

/** The algorithms with which the provider signs. */
export const algorithms = ['RS256', 'PS256', 'ES256', 'EdDSA'] as const;
export type Algorithm = (typeof algorithms)[number];

/** A new private key for one algorithm, with `alg`. */
export async function mintKey(alg: Algorithm): Promise<JWK> {
  const { privateKey } = await generateKeyPair(alg, { extractable: true });
  return { ...(await exportJWK(privateKey)), alg, kid: randomUUID() } as JWK;
}

/** One new key for each algorithm. */
export async function mintKeys(): Promise<readonly JWK[]> {
  return Promise.all(algorithms.map(mintKey));
}
