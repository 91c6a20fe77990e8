import type { Refusal } from '../model/refusal.js';
import {
  type IssuedToken,
  LocalVerification,
  SignedToken,
  type TokenFacts,
  Verification,
  VerifiedToken,
} from '../model/stages.js';
import { distinct, firstPresent, scopeWords, stringOrList } from './claim-values.js';
import { introspectionRules } from './introspection-rules.js';
import { clientClaims, jwtRules } from './jwt-rules.js';
import { rfc9068Rules } from './rfc9068-rules.js';
import type { ClaimRule, ClaimsSettings } from './rule.js';

/** The rules of each profile, in the order in which they are checked. */
const claimRules: Readonly<Record<ClaimsSettings['profile'], readonly ClaimRule[]>> = {
  rfc9068: rfc9068Rules,
  jwt: jwtRules,
  introspection: introspectionRules,
};

/**
 * Validates the claims of a token that comes from its issuer. It does not compare `exp`, `nbf` and
 * `iat` with the present time: `validateTimes` does.
 */
export function validateClaims(token: IssuedToken, settings: ClaimsSettings): VerifiedToken | Refusal {
  for (const rule of claimRules[settings.profile]) {
    const refusal = rule.refuse(token, settings);
    if (refusal !== undefined) return refusal;
  }
  const facts = new ReadFacts(token, settings);
  const verification =
    token instanceof SignedToken ? new LocalVerification(token, facts, settings) : new Verification(token, facts);
  return new VerifiedToken(token.credential, verification);
}

/** Reads claims that have passed the rules of their profile. The rules guarantee the types. */
class ReadFacts implements TokenFacts {
  readonly audience: readonly string[];
  readonly scopes: readonly string[];
  readonly expiresAt: number | undefined;
  readonly notBefore: number | undefined;
  readonly issuedAt: number | undefined;
  readonly subject: string | undefined;
  readonly clientId: string | undefined;

  constructor({ claims }: IssuedToken, settings: ClaimsSettings) {
    const clientClaim = settings.profile === 'rfc9068' ? 'client_id' : firstPresent(claims, clientClaims);
    this.audience = Object.freeze([...(stringOrList(claims['aud']) ?? [])]);
    this.scopes = Object.freeze(readScopes(claims, settings));
    this.expiresAt = claims['exp'] as number | undefined;
    this.notBefore = claims['nbf'] as number | undefined;
    this.issuedAt = claims['iat'] as number | undefined;
    this.subject = claims['sub'] as string | undefined;
    this.clientId = clientClaim === undefined ? undefined : (claims[clientClaim] as string);
  }
}

/**
 * Reads the scopes; without a scope claim there are none. An item of an array is one scope: it is
 * not split at spaces.
 */
function readScopes(claims: IssuedToken['claims'], { scopeClaims }: ClaimsSettings): string[] {
  const name = firstPresent(claims, scopeClaims);
  const value = name === undefined ? undefined : claims[name];
  return typeof value === 'string' ? scopeWords(value) : distinct(stringOrList(value) ?? []);
}
