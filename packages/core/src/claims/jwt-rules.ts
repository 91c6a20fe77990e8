import type { JsonObject } from '../jws/json.js';
import { Refusal, shown } from '../model/refusal.js';
import { isAccessTokenType } from './rfc9068-rules.js';
import { type ClaimRule, requireClaims } from './rule.js';
import { areText, audienceMatches, datesAreNumbers, headerAgrees, scopesAre } from './shared-rules.js';
import { contradictingSign, isOneOf } from './token-kind.js';

/** The client claims of issuers that predate RFC 9068. The first one that is present is used. */
export const clientClaims: readonly string[] = ['client_id', 'azp', 'cid', 'appid'];

/** Claims that only ID tokens have (OpenID Connect Core section 3.1.3.6). */
const foreignClaims = ['at_hash', 'c_hash', 's_hash'];

/**
 * The profile for issuers that predate RFC 9068. Their tokens do not state that they are access
 * tokens. A token with a claim of another kind of JWT is refused (RFC 8725 section
 * 3.12).
 */
export const jwtRules: readonly ClaimRule[] = [
  {
    name: 'typ is absent, JWT or at+jwt',
    reference: 'RFC 8725 section 3.11',
    refuse({ header }) {
      const { typ } = header;
      if (typ === undefined || isAccessTokenType(typ) || isPlainJwtType(typ)) return undefined;
      return new Refusal('type_refused', { expected: 'typ: JWT, at+jwt or none', found: shown(typ) });
    },
  },
  {
    name: 'no claim belongs to another kind of token',
    reference: 'RFC 8725 section 3.12',
    refuse({ claims }) {
      const trait = foreignTrait(claims);
      return trait === undefined
        ? undefined
        : new Refusal('type_refused', { expected: `an access token, not ${trait}` });
    },
  },
  {
    name: 'iss and exp are present',
    reference: 'RFC 9068 section 2.2',
    refuse: (token) => requireClaims(token, ['iss', 'exp']),
  },
  headerAgrees,
  datesAreNumbers,
  areText(['sub', 'jti', ...clientClaims]),
  scopesAre('a string or an array of strings'),
  audienceMatches,
];

function isPlainJwtType(typ: unknown): boolean {
  return typeof typ === 'string' && ['jwt', 'application/jwt'].includes(typ.toLowerCase());
}

function foreignTrait(claims: JsonObject): string | undefined {
  const { token_use: use, typ, nonce } = claims;
  const sign = contradictingSign(claims);
  if (sign !== undefined) return sign;
  const foreign = foreignClaims.find((name) => claims[name] !== undefined);
  if (foreign !== undefined) return `a token with ${foreign}`;
  if (use !== undefined && use !== 'access') return 'a token of another token_use';
  // ID tokens contain the nonce of the sign-in. Keycloak copies it into access tokens, whose claim
  // `typ` is then `Bearer`.
  return nonce !== undefined && !isOneOf(['bearer'], typ) ? 'a token with nonce' : undefined;
}
