import { Refusal } from '../model/refusal.js';
import type { SignedToken } from '../model/stages.js';
import { isAccessTokenType, requiredClaims } from './rfc9068-rules.js';
import type { ClaimsSettings } from './rule.js';
import { validateClaims } from './validate-claims.js';

/**
 * For a token that the RFC 9068 profile refused and nothing else would: which of `typ` and the seven
 * claims it lacks, by name.
 *
 * @returns `undefined` when the `jwt` profile would refuse it too, or when nothing is lacking
 */
export function missingForRfc9068(token: SignedToken, settings: ClaimsSettings): readonly string[] | undefined {
  if (settings.profile !== 'rfc9068') return undefined;
  if (validateClaims(token, { ...settings, profile: 'jwt' }) instanceof Refusal) return undefined;
  const missing = requiredClaims.filter((name) => token.claims[name] === undefined);
  const names = isAccessTokenType(token.header['typ']) ? missing : ['typ', ...missing];
  return names.length === 0 ? undefined : names;
}
