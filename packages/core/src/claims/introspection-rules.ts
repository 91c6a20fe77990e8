import type { JsonObject } from '../jws/json.js';
import { Refusal, shown } from '../model/refusal.js';
import { clientClaims } from './jwt-rules.js';
import type { ClaimRule } from './rule.js';
import { areText, audienceMatches, datesAreNumbers, scopesAre } from './shared-rules.js';
import { contradictingSign, isOneOf } from './token-kind.js';

/** The values of `token_use` for an access token. */
const accessTokenUses = ['access', 'access_token'];
/**
 * The values of `token_type` for an access token (RFC 7662 section 2.2, RFC 6749 section 7.1). Some
 * issuers put the kind of the token there.
 */
const accessTokenTypes = ['bearer', 'access_token'];
/** Claims that only ID tokens have (OpenID Connect Core section 3.1.3.6). */
const foreignClaims = ['at_hash', 'c_hash', 's_hash'];

/**
 * The rules for an introspection answer. They are the same as for the claims of a signed token: an
 * active token may still be meant for another API. An answer may omit `iss`, `exp`, `sub` and
 * `client_id` (RFC 7662 section 2.2); the claims that are present must be valid.
 */
export const introspectionRules: readonly ClaimRule[] = [
  {
    name: 'the token is an access token',
    reference: 'RFC 7662 section 2.2',
    // Introspection endpoints also answer for refresh tokens and ID tokens.
    refuse({ claims }) {
      const kind = foreignKind(claims);
      return kind === undefined ? undefined : new Refusal('type_refused', { expected: `an access token, not ${kind}` });
    },
  },
  {
    name: 'iss is the issuer whose endpoint was called',
    reference: 'RFC 7662 section 2.2',
    refuse({ claims }, { issuer }) {
      const { iss } = claims;
      if (iss === undefined || iss === issuer) return undefined;
      return new Refusal('issuer_untrusted', { expected: `iss: ${issuer}`, found: shown(iss) });
    },
  },
  datesAreNumbers,
  areText(['sub', 'jti', ...clientClaims]),
  scopesAre('a string or an array of strings'),
  audienceMatches,
];

function foreignKind(claims: JsonObject): string | undefined {
  const { token_type: type, token_use: use, cnf } = claims;
  const sign = contradictingSign(claims);
  if (sign !== undefined) return sign;
  if (use !== undefined && !isOneOf(accessTokenUses, use)) return 'a token of another token_use';
  if (foreignClaims.some((name) => claims[name] !== undefined)) return 'an ID token';
  if (type === undefined || isOneOf(accessTokenTypes, type)) return undefined;
  // A token of type DPoP has a `cnf` claim; the binding step refuses it.
  return isOneOf(['dpop'], type) && cnf !== undefined ? undefined : 'a token of another token_type';
}
