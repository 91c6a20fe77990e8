import { createMockIssuer, type MockIssuer } from '@resource-server/mock-issuer';

/** Who we are in tokens. */
export const audience = 'https://api.example.com';

/** The issuers that the suite's servers trust, and one that is out of reach. */
export interface World {
  readonly issuer: MockIssuer;
  readonly absentIssuer: MockIssuer;
}

export async function createWorld(): Promise<World> {
  const issuer = await createMockIssuer({ alg: 'ES256', algorithms: ['ES256', 'RS256', 'PS256', 'Ed25519'], audience });
  const absentIssuer = await createMockIssuer({ alg: 'ES256', audience });
  absentIssuer.faults.discovery('down');
  absentIssuer.faults.jwks('down');
  return { issuer, absentIssuer };
}

export async function closeWorld({ issuer, absentIssuer }: World): Promise<void> {
  await Promise.all([issuer.close(), absentIssuer.close()]);
}
