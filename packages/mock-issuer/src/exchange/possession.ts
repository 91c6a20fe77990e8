import type { SenderConstraint } from '../binding/token-binding.js';
import { invalidRequest } from '../http/oauth-error.js';
import { agrees } from './agrees.js';
import type { PresentedToken } from './presented-token.js';

/**
 * Holds a bound token (RFC 7800 section 3.1) against the key that the request proves. A thief of one could otherwise exchange it for a token
 * that is good without the key, or with a key of the thief's own. The key may be another one only where the token names by `may_act` who
 * presents it, which has been judged before.
 *
 * @throws OAuthError invalid_request when the key is not the token's.
 */
export function assertProven({ parameter, claims }: PresentedToken, constraint: SenderConstraint | undefined): void {
  const { cnf, may_act: named } = claims;
  if (cnf === undefined || agrees(cnf, constraint?.cnf ?? {})) return;
  if (constraint === undefined) {
    throw invalidRequest(`the ${parameter} is bound to a key by cnf, and the request proves none`);
  }
  if (parameter === 'subject_token' && named !== undefined) return;
  throw invalidRequest(`the ${parameter} is bound to another key than the one that the request proves`);
}
