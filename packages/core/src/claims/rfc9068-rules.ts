import { Refusal, shown } from '../model/refusal.js';
import { type ClaimRule, requireClaims } from './rule.js';
import { areText, audienceMatches, datesAreNumbers, headerAgrees, scopesAre } from './shared-rules.js';
import { contradictingSign } from './token-kind.js';

/** The claims that RFC 9068 section 2.2 requires. */
export const requiredClaims: readonly string[] = ['iss', 'exp', 'aud', 'sub', 'client_id', 'iat', 'jti'];

const accessTokenTypes = ['at+jwt', 'application/at+jwt'];

/**
 * Whether `typ` is `at+jwt`, in any letter case. The prefix `application/` may be omitted (RFC 7515
 * section 4.1.9).
 */
export function isAccessTokenType(typ: unknown): boolean {
  return typeof typ === 'string' && accessTokenTypes.includes(typ.toLowerCase());
}

/** The RFC 9068 profile: `typ` must be `at+jwt`, and all required claims must be present. */
export const rfc9068Rules: readonly ClaimRule[] = [
  {
    name: 'typ is at+jwt',
    reference: 'RFC 9068 section 4',
    // Only `typ` distinguishes an access token from other JWTs that are signed with the same key.
    refuse({ header }) {
      if (isAccessTokenType(header['typ'])) return undefined;
      return new Refusal('type_refused', { expected: 'typ: at+jwt', found: shown(header['typ']) });
    },
  },
  {
    name: 'no claim contradicts typ',
    reference: 'RFC 8725 section 3.12',
    refuse({ claims }) {
      const sign = contradictingSign(claims);
      return sign === undefined ? undefined : new Refusal('type_refused', { expected: `an access token, not ${sign}` });
    },
  },
  {
    name: 'all required claims are present',
    reference: 'RFC 9068 section 2.2',
    refuse: (token) => requireClaims(token, requiredClaims),
  },
  headerAgrees,
  datesAreNumbers,
  areText(['sub', 'client_id', 'jti']),
  scopesAre('a string'),
  audienceMatches,
];
