import { createResourceServer, type ResourceServer } from '@resource-server/core';
import { createMockIssuer, type MockIssuer } from '@resource-server/mock-issuer';

/** The audience of tokens for our own API. */
export const audience = 'https://api.example.com';

/** An issuer, and a resource server that trusts it. */
export interface Fixture {
  readonly issuer: MockIssuer;
  readonly server: ResourceServer;
  /** An Authorization header with a valid token that carries this scope. */
  bearer(scope?: string): Promise<string>;
  close(): Promise<void>;
}

export async function createFixture(): Promise<Fixture> {
  const issuer = await createMockIssuer({ alg: 'ES256', audience });
  const server = createResourceServer({ issuer: issuer.issuer, audience });
  return {
    issuer,
    server,
    bearer: async (scope = '') => `Bearer ${await issuer.token({ subject: 'ada', scope })}`,
    async close() {
      await Promise.all([server.close(), issuer.close()]);
    },
  };
}
