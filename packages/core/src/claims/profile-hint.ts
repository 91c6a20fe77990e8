import { Refusal } from '../model/refusal.js';
import type { SignedToken } from '../model/stages.js';
import { isAccessTokenType, requiredClaims } from './rfc9068-rules.js';
import type { ClaimsSettings } from './rule.js';
import { validateClaims } from './validate-claims.js';

/**
 * Finds out why only the RFC 9068 profile refused a token: which of `typ` and the seven required
 * claims the token lacks.
 *
 * @returns the names; `undefined` where the `jwt` profile would refuse the token too, or where
 *   nothing is missing
 */
export function missingForRfc9068(token: SignedToken, settings: ClaimsSettings): readonly string[] | undefined {
  if (settings.profile !== 'rfc9068') return undefined;
  if (validateClaims(token, { ...settings, profile: 'jwt' }) instanceof Refusal) return undefined;
  const missing = requiredClaims.filter((name) => token.claims[name] === undefined);
  const names = isAccessTokenType(token.header['typ']) ? missing : ['typ', ...missing];
  return names.length === 0 ? undefined : names;
}
