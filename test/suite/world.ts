import type { IssuerOptions, ResourceServerOptions } from '@resource-server/core';
import { createMockIssuer, type MockIssuer } from '@resource-server/mock-issuer';
import type { TokenFormat } from './token-format.js';

/** The audience of this API in tokens. */
export const audience = 'https://api.example.com';

/** The issuers that the suite's servers trust. Their tokens have one format. */
export interface World {
  readonly issuer: MockIssuer;
  /** A token of an issuer that is unreachable. */
  readonly tokenOfAbsentIssuer: string;
  /** The options of a server that trusts both issuers. */
  readonly options: ResourceServerOptions;
  close(): Promise<void>;
}

export async function createWorld(accessTokenFormat: TokenFormat): Promise<World> {
  const all = { alg: 'ES256', audience, accessTokenFormat } as const;
  const issuer = await createMockIssuer({ ...all, algorithms: ['ES256', 'RS256', 'PS256', 'Ed25519'] });
  const absentIssuer = await createMockIssuer(all);
  for (const endpoint of ['discovery', 'jwks', 'introspection'] as const) absentIssuer.faults[endpoint]('down');
  const tokenOfAbsentIssuer = await absentIssuer.token();
  const options =
    accessTokenFormat === 'jwt'
      ? { issuer: [issuer.issuer, absentIssuer.issuer], audience }
      : {
          issuer: [introspected(issuer), introspected(absentIssuer)],
          audience,
          routeOpaqueToken: (token: string) => (token === tokenOfAbsentIssuer ? absentIssuer : issuer).issuer,
        };
  return {
    issuer,
    tokenOfAbsentIssuer,
    options,
    async close() {
      await Promise.all([issuer.close(), absentIssuer.close()]);
    },
  };
}

/**
 * The options of a mock issuer whose opaque tokens, or whose tokens of both formats, are
 * introspected.
 */
export function introspected(
  { issuer, resourceServer }: MockIssuer,
  mode: 'opaque' | 'always' = 'opaque',
): IssuerOptions {
  return { issuer, introspection: { mode, clientAuthentication: resourceServer } };
}
