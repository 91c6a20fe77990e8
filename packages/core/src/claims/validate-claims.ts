import type { Refusal } from '../model/refusal.js';
import {
  LocalVerification,
  SignedToken,
  type TokenFacts,
  Verification,
  VerifiedToken,
  type VouchedToken,
} from '../model/stages.js';
import { distinct, firstPresent, scopeWords, stringOrList } from './claim-values.js';
import { introspectionRules } from './introspection-rules.js';
import { clientClaims, jwtRules } from './jwt-rules.js';
import { rfc9068Rules } from './rfc9068-rules.js';
import type { ClaimRule, ClaimsSettings } from './rule.js';

/** The rules of each profile, in the order in which they are asked. */
const claimRules: Readonly<Record<ClaimsSettings['profile'], readonly ClaimRule[]>> = {
  rfc9068: rfc9068Rules,
  jwt: jwtRules,
  introspection: introspectionRules,
};

/** Judges what a token says for which its issuer vouches, but for what changes with time. */
export function validateClaims(token: VouchedToken, settings: ClaimsSettings): VerifiedToken | Refusal {
  for (const rule of claimRules[settings.profile]) {
    const refusal = rule.refuse(token, settings);
    if (refusal !== undefined) return refusal;
  }
  const facts = new ReadFacts(token, settings);
  const verification =
    token instanceof SignedToken ? new LocalVerification(token, facts, settings) : new Verification(token, facts);
  return new VerifiedToken(token.credential, verification);
}

/** Typed reading of claims that have passed their profile's rules. */
class ReadFacts implements TokenFacts {
  readonly audience: readonly string[];
  readonly scopes: readonly string[];
  readonly expiresAt: number | undefined;
  readonly notBefore: number | undefined;
  readonly issuedAt: number | undefined;
  readonly subject: string | undefined;
  readonly clientId: string | undefined;

  constructor({ claims }: VouchedToken, settings: ClaimsSettings) {
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

/** No scope claim grants nothing. Items of an array are whole scopes and are not divided. */
function readScopes(claims: VouchedToken['claims'], { scopeClaims }: ClaimsSettings): string[] {
  const name = firstPresent(claims, scopeClaims);
  const value = name === undefined ? undefined : claims[name];
  return typeof value === 'string' ? scopeWords(value) : distinct(stringOrList(value) ?? []);
}
