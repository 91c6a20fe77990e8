import type { JsonObject } from '../jws/json.js';
import { Refusal, shown } from '../model/refusal.js';
import { clientClaims } from './jwt-rules.js';
import type { ClaimRule } from './rule.js';
import { areText, audienceIsUs, datesAreNumbers, scopesAre } from './shared-rules.js';
import { contradictingSign, isOneOf } from './token-kind.js';

/** What an issuer calls an access token where it says what a token is. */
const accessTokenUses = ['access', 'access_token'];
/** RFC 7662 section 2.2 with RFC 6749 section 7.1; some issuers say the kind of the token instead. */
const accessTokenTypes = ['bearer', 'access_token'];
/** What only ID tokens say (OpenID Connect Core section 3.1.3.6). */
const foreignClaims = ['at_hash', 'c_hash', 's_hash'];

/**
 * What an issuer says of an active token is judged as what a signed token says of itself: active is not yet for us. Issuers may leave out
 * `iss`, `exp`, `sub` and `client_id` (RFC 7662 section 2.2); what they do say has to hold.
 */
export const introspectionRules: readonly ClaimRule[] = [
  {
    name: 'the token is an access token',
    reference: 'RFC 7662 section 2.2',
    // Issuers answer for refresh tokens and ID tokens too.
    refuse({ claims }) {
      const kind = foreignKind(claims);
      return kind === undefined ? undefined : new Refusal('type_refused', { expected: `an access token, not ${kind}` });
    },
  },
  {
    name: 'the issuer is the one that was asked',
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
  audienceIsUs,
];

function foreignKind(claims: JsonObject): string | undefined {
  const { token_type: type, token_use: use, cnf } = claims;
  const sign = contradictingSign(claims);
  if (sign !== undefined) return sign;
  if (use !== undefined && !isOneOf(accessTokenUses, use)) return 'a token of another token_use';
  if (foreignClaims.some((name) => claims[name] !== undefined)) return 'an ID token';
  if (type === undefined || isOneOf(accessTokenTypes, type)) return undefined;
  // One that is bound to a key says so in cnf, and is judged by that.
  return isOneOf(['dpop'], type) && cnf !== undefined ? undefined : 'a token of another token_type';
}
