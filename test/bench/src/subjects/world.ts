import type { JsonWebKey } from 'node:crypto';
import { createMockIssuer, type MockIssuer } from '@resource-server/mock-issuer';

/** The algorithms that are measured. */
export const algorithms = ['RS256', 'PS256', 'ES256', 'EdDSA'] as const;
export type Algorithm = (typeof algorithms)[number];

/** What every subject is told: whom to trust, and who it is. Plain data, so that it can be sent to a child process. */
export interface World {
  readonly issuer: string;
  readonly jwksUri: string;
  readonly audience: string;
  readonly alg: Algorithm;
  /** For subjects that take a key instead of an issuer. */
  readonly publicJwk: JsonWebKey;
}

/** Stands in for a world where a configuration is shown. */
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
