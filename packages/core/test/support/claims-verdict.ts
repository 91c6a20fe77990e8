import type { ClaimsSettings } from '../../src/claims/rule.js';
import { validateClaims } from '../../src/claims/validate-claims.js';
import type { Refusal } from '../../src/model/refusal.js';
import type { VerifiedToken } from '../../src/model/stages.js';
import { goodClaims, type StageParts, signedToken, testAudience, testIssuer } from './stages.js';
import { verdict } from './verdict.js';

/** The strict profile as it is by default. */
export const strict: ClaimsSettings = {
  profile: 'rfc9068',
  issuer: testIssuer,
  audience: [testAudience],
  scopeClaims: ['scope'],
};

/** The profile for older issuers as it is by default. */
export const lenient: ClaimsSettings = {
  profile: 'jwt',
  issuer: testIssuer,
  audience: [testAudience],
  scopeClaims: ['scope', 'scp'],
};

/** The rules for what an introspection endpoint answers. */
export const introspected: ClaimsSettings = {
  profile: 'introspection',
  issuer: testIssuer,
  audience: [testAudience],
  scopeClaims: ['scope'],
};

export function judge(settings: ClaimsSettings, parts: StageParts = {}): VerifiedToken | Refusal {
  return validateClaims(signedToken(parts), settings);
}

/** What is said to a good token with these changes to its claims. */
export function verdictOnClaims(settings: ClaimsSettings, changes: Readonly<Record<string, unknown>>): string {
  return verdict(judge(settings, { claims: goodClaims(changes) }));
}

/** The same, where the value of one claim is JSON text that JavaScript would not write. */
export function verdictOnText(settings: ClaimsSettings, name: string, text: string): string {
  const rest = JSON.stringify(goodClaims({ [name]: undefined }));
  return verdict(judge(settings, { claims: rest.replace('{', `{${JSON.stringify(name)}:${text},`) }));
}

/** What is said to a good token with this `typ` in its header. */
export function verdictOnTyp(settings: ClaimsSettings, typ: string | undefined): string {
  return verdict(judge(settings, { header: { alg: 'Ed25519', typ } }));
}
