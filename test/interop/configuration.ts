import { randomUUID } from 'node:crypto';
import type { Configuration, JWK } from 'oidc-provider';
import type { Algorithm } from './keys.js';

/** The audience of tokens for our own API. */
export const api = 'https://api.example.com';
/** Another API of the same provider. */
export const otherApi = 'https://other-api.example.com';
/** The redirect URI of the client. No server listens there. */
export const redirectUri = 'https://client.example.com/callback';
/** Lifetime of access tokens. */
export const lifetimeSeconds = 3600;

export const clientSecret = randomUUID();

/**
 * The client whose tokens are signed with `alg`. A URI, so that an API can have the same
 * identifier.
 */
export function clientIdFor(alg: Algorithm): string {
  return `urn:example:client:${alg}`;
}

/**
 * A provider with one client per algorithm. Tokens are JWTs when a resource is requested, and
 * opaque otherwise.
 */
export function configurationOf(keys: readonly JWK[], algorithms: readonly Algorithm[]): Configuration {
  const algorithmOf = new Map(algorithms.map((alg) => [clientIdFor(alg), alg]));
  return {
    jwks: { keys: [...keys] },
    cookies: { keys: [randomUUID()] },
    clients: [...algorithmOf].map(([clientId, alg]) => ({
      client_id: clientId,
      client_secret: clientSecret,
      grant_types: ['client_credentials', 'authorization_code', 'refresh_token'],
      redirect_uris: [redirectUri],
      id_token_signed_response_alg: alg,
    })),
    scopes: ['openid', 'read', 'write'],
    findAccount: (_, accountId) => ({ accountId, claims: () => ({ sub: accountId }) }),
    issueRefreshToken: () => true,
    interactions: { url: (_, { uid }) => `/interaction/${uid}` },
    ttl: {
      AuthorizationCode: 60,
      ClientCredentials: lifetimeSeconds,
      Grant: lifetimeSeconds,
      IdToken: lifetimeSeconds,
      Interaction: 60,
      RefreshToken: lifetimeSeconds,
      Session: lifetimeSeconds,
    },
    features: {
      clientCredentials: { enabled: true },
      devInteractions: { enabled: false },
      resourceIndicators: {
        enabled: true,
        defaultResource: () => undefined,
        getResourceServerInfo(_, audience, { clientId }) {
          const alg = algorithmOf.get(clientId);
          return {
            audience,
            scope: 'read write',
            accessTokenTTL: lifetimeSeconds,
            accessTokenFormat: 'jwt',
            jwt: { sign: { ...(alg && { alg }) } },
          };
        },
      },
    },
  };
}
