import type { Refusal } from '../model/refusal.js';
import { type SignedToken, type TokenFacts, Verification, VerifiedToken } from '../model/stages.js';
import { firstPresent, scopeWords, stringOrList } from './claim-values.js';
import { clientClaims, jwtRules } from './jwt-rules.js';
import { rfc9068Rules } from './rfc9068-rules.js';
import type { ClaimRule, ClaimsSettings } from './rule.js';

/** The rules of each profile, in the order in which they are asked. */
const claimRules: Readonly<Record<ClaimsSettings['profile'], readonly ClaimRule[]>> = {
  rfc9068: rfc9068Rules,
  jwt: jwtRules,
};

/** Judges what a signed token says, but for what changes with time. */
export function judgeClaims(token: SignedToken, settings: ClaimsSettings): VerifiedToken | Refusal {
  for (const rule of claimRules[settings.profile]) {
    const refusal = rule.refuse(token, settings);
    if (refusal !== undefined) return refusal;
  }
  return new VerifiedToken(token.credential, new Verification(token, readFacts(token, settings), settings));
}

/** Typed reading of claims that have passed their profile's rules. */
function readFacts({ claims }: SignedToken, settings: ClaimsSettings): TokenFacts {
  const clientClaim = settings.profile === 'jwt' ? firstPresent(claims, clientClaims) : 'client_id';
  return {
    audience: Object.freeze([...(stringOrList(claims['aud']) ?? [])]),
    scopes: Object.freeze(readScopes(claims, settings)),
    expiresAt: claims['exp'] as number,
    notBefore: claims['nbf'] as number | undefined,
    issuedAt: claims['iat'] as number | undefined,
    subject: claims['sub'] as string | undefined,
    clientId: clientClaim === undefined ? undefined : (claims[clientClaim] as string),
  };
}

/** No scope claim grants nothing. Items of an array are whole scopes and are not divided. */
function readScopes(claims: SignedToken['claims'], { scopeClaims }: ClaimsSettings): string[] {
  const name = firstPresent(claims, scopeClaims);
  const value = name === undefined ? undefined : claims[name];
  return typeof value === 'string' ? scopeWords(value) : [...new Set(stringOrList(value) ?? [])];
}
