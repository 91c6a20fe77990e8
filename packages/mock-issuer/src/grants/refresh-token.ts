import { narrowedDetails } from '../parameters/authorization-details.js';
import { narrowedAudience } from '../parameters/resource.js';
import { narrowedScope } from '../parameters/scope.js';
import type { RefreshTokens } from '../tokens/refresh-tokens.js';
import type { TokenIssuer } from '../tokens/token-issuer.js';
import type { Grant } from './grant.js';

/** What this grant stands on. */
export interface RefreshTokenParts {
  readonly tokenIssuer: TokenIssuer;
  readonly refreshTokens: RefreshTokens;
}

/**
 * Refresh token (RFC 6749 section 6): another access token for what was granted, or for less of it. What the refresh token stands for stays
 * what it was, however little this access token can do, and so does how the user signed in (RFC 9068 section 2.2.1).
 */
export function refreshTokenGrant({ tokenIssuer, refreshTokens }: RefreshTokenParts): Grant {
  return {
    name: 'refresh_token',
    answer: async ({ client, form, constraint }) => {
      const held = refreshTokens.redeemable(form.required('refresh_token'), client, constraint);
      const { granted } = held;
      const narrowed = {
        ...granted,
        scope: narrowedScope(form, granted.scope),
        audience: narrowedAudience(form, granted.audience),
        authorizationDetails: narrowedDetails(form, granted.authorizationDetails),
      };
      // Replaced in the turn in which it was judged: of two requests at once one is the second.
      const refresh_token = refreshTokens.next(held, client);
      return { ...(await tokenIssuer.access(narrowed, constraint)), refresh_token };
    },
  };
}
