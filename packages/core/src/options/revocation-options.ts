import type { Auth } from '../model/auth.js';

/**
 * How revoked tokens are detected before they expire. At least one member is required. A failed
 * check refuses the request with 503: no token is accepted while its revocation status is unknown.
 *
 * @example
 * import { createResourceServer } from '@resource-server/core';
 *
 * const denyList = new Set<string>();
 * const server = createResourceServer({
 *   issuer: 'https://login.example.com',
 *   audience: 'https://api.example.com',
 *   revocation: {
 *     isRevoked: ({ claims }) => claims.jti !== undefined && denyList.has(claims.jti),
 *     statusLists: true,
 *   },
 * });
 */
export interface RevocationCheck<Claims> {
  /**
   * Whether the application has revoked a token. It is called on every request, after all other
   * checks of the token. Its result is NOT cached.
   *
   * @param auth the validated token
   * @returns `true` to refuse the token. A result that is not a boolean is answered with 500, and a
   *   result later than `keys.timeoutSeconds` with 503.
   * @throws every thrown error is answered with 503 (`revocation_unavailable`)
   * @default off
   */
  isRevoked?(auth: Auth<Claims>): boolean | Promise<boolean>;
  /**
   * Check the status of tokens that refer to a Token Status List. A list is fetched from the hosts
   * of the issuer and those of `keys.allowedHosts`, and must be signed by the issuer of the token.
   * Every status except VALID refuses the token. A list that cannot be fetched is 503.
   *
   * A token without a reference to a status list is NOT checked.
   *
   * @default false
   * @see draft-ietf-oauth-status-list-21 section 8.3
   */
  readonly statusLists?: boolean;
}
