import type { IssuedToken } from '../stores/token-store.js';

/** By what a token is judged. */
export interface Judgement {
  readonly issuer: string;
  readonly nowSeconds: number;
}

/**
 * Why a token is not active (RFC 7662 section 2.2), said of it; `undefined` for one that is. Section 4 has the server check all that it can.
 * Claims that a test mistyped are left for the resource server to find.
 */
export function inactivity({ claims, revoked }: IssuedToken, { issuer, nowSeconds }: Judgement): string | undefined {
  const { iss, exp, nbf } = claims;
  if (revoked) return 'was revoked';
  if (iss !== undefined && iss !== issuer) return 'has the iss of another issuer';
  if (typeof exp === 'number' && exp <= nowSeconds) return `expired ${nowSeconds - exp} seconds ago`;
  if (typeof nbf === 'number' && nbf > nowSeconds) return `is not valid for another ${nbf - nowSeconds} seconds`;
  return undefined;
}
