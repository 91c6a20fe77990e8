import type { JsonWebKey } from 'node:crypto';
import { createMockIssuer, type MockIssuer } from '@resource-server/mock-issuer';

/** The measured algorithms. */
export const algorithms = ['RS256', 'PS256', 'ES256', 'EdDSA'] as const;
export type Algorithm = (typeof algorithms)[number];

/**
 * The settings of every subject: issuer and audience. Plain data, so that a child process can
 * receive it.
 */
export interface World {
  readonly issuer: string;
  readonly jwksUri: string;
  readonly audience: string;
  readonly alg: Algorithm;
  /** For subjects that take a key instead of an issuer. */
  readonly publicJwk: JsonWebKey;
}

/** Replaces the world where a configuration is printed. */
export const anyWorld: World = {
  issuer: 'ISSUER',
  jwksUri: 'ISSUER/jwks',
  audience: 'AUDIENCE',
  alg: 'RS256',
  publicJwk: {},
};

export async function openWorld(alg: Algorithm): Promise<{ world: World; issuer: MockIssuer }> {
  const audience = 'https://api.example.com';
  const issuer = await createMockIssuer({ alg, audience });
  const { publicJwk } = await issuer.keys.current(alg);
  const world = { issuer: issuer.issuer, jwksUri: issuer.jwksUri, audience, alg, publicJwk: { ...publicJwk } };
  return { world, issuer };
}
