import { Refusal, shown } from '../model/refusal.js';
import type { VouchedToken } from '../model/stages.js';

/** What this room is set to, for one issuer. */
export interface ClaimsSettings {
  readonly profile: 'rfc9068' | 'jwt' | 'introspection';
  /** Who must have issued the token, where it says so. */
  readonly issuer: string;
  /** Who we are in `aud`; `null` where that was said not to matter. */
  readonly audience: readonly string[] | null;
  /** Where scopes stand; the first claim that is present counts. */
  readonly scopeClaims: readonly string[];
}

/** One timeless rule. The reference says where it is written. */
export interface ClaimRule {
  readonly name: string;
  readonly reference: string;
  refuse(token: VouchedToken, settings: ClaimsSettings): Refusal | undefined;
}

/** Refuses the first of `names` that the token does not have. */
export function requireClaims(token: VouchedToken, names: readonly string[]): Refusal | undefined {
  const { claims } = token;
  for (const name of names) if (claims[name] === undefined) return new Refusal('claim_missing', { expected: name });
  return undefined;
}

/** The refusal of a claim that is not of its type; the value itself only where it may be shown. */
export function mistyped(token: VouchedToken, name: string, type: string): Refusal {
  const mayBeShown = ['iss', 'aud', 'exp', 'nbf', 'iat', 'scope'].includes(name);
  return new Refusal('claim_malformed', {
    expected: `${name}: ${type}`,
    ...(mayBeShown && { found: shown(token.claims[name]) }),
  });
}
