import type { ClaimsSettings } from '../../src/claims/rule.js';
import { validateClaims } from '../../src/claims/validate-claims.js';
import type { Refusal } from '../../src/model/refusal.js';
import type { VerifiedToken } from '../../src/model/stages.js';
import { goodClaims, type StageParts, signedToken, testAudience, testIssuer } from './stages.js';
import { verdict } from './verdict.js';

/** The rfc9068 profile with its defaults. */
export const strict: ClaimsSettings = {
  profile: 'rfc9068',
  issuer: testIssuer,
  audience: [testAudience],
  scopeClaims: ['scope'],
};

/** The jwt profile, for issuers older than RFC 9068, with its defaults. */
export const lenient: ClaimsSettings = {
  profile: 'jwt',
  issuer: testIssuer,
  audience: [testAudience],
  scopeClaims: ['scope', 'scp'],
};

/** The rules for answers of an introspection endpoint. */
export const introspected: ClaimsSettings = {
  profile: 'introspection',
  issuer: testIssuer,
  audience: [testAudience],
  scopeClaims: ['scope'],
};

export function validate(settings: ClaimsSettings, parts: StageParts = {}): VerifiedToken | Refusal {
  return validateClaims(signedToken(parts), settings);
}

/** The verdict on a good token with these changes to its claims. */
export function verdictOnClaims(settings: ClaimsSettings, changes: Readonly<Record<string, unknown>>): string {
  return verdict(validate(settings, { claims: goodClaims(changes) }));
}

/** The same, if the value of one claim is JSON text that JSON.stringify cannot produce. */
export function verdictOnText(settings: ClaimsSettings, name: string, text: string): string {
  const rest = JSON.stringify(goodClaims({ [name]: undefined }));
  return verdict(validate(settings, { claims: rest.replace('{', `{${JSON.stringify(name)}:${text},`) }));
}

/** The verdict on a good token with this `typ` in its header. */
export function verdictOnTyp(settings: ClaimsSettings, typ: string | undefined): string {
  return verdict(validate(settings, { header: { alg: 'Ed25519', typ } }));
}
