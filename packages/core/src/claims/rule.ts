import { Refusal, shown } from '../model/refusal.js';
import type { IssuedToken } from '../model/stages.js';

/** Settings of this step for one issuer. */
export interface ClaimsSettings {
  /** Which list of rules is used. */
  readonly profile: 'rfc9068' | 'jwt' | 'introspection';
  /** The expected `iss`; only introspection answers are checked against it. */
  readonly issuer: string;
  /** The accepted audiences: one of them must be in `aud`. `null` disables the check. */
  readonly audience: readonly string[] | null;
  /** The claims that may contain the scopes; the first one that is present is used. */
  readonly scopeClaims: readonly string[];
}

/** One rule for claims. Its result does not depend on the time. */
export interface ClaimRule {
  /** What holds for a token that passes. */
  readonly name: string;
  /** The section of the specification that requires it. */
  readonly reference: string;
  /** Returns a refusal where the token breaks the rule. */
  refuse(token: IssuedToken, settings: ClaimsSettings): Refusal | undefined;
}

/** Refuses a token that lacks one of the claims; the refusal names the first one. */
export function requireClaims(token: IssuedToken, names: readonly string[]): Refusal | undefined {
  const { claims } = token;
  for (const name of names) if (claims[name] === undefined) return new Refusal('claim_missing', { expected: name });
  return undefined;
}

/** The refusal of a claim of a wrong type. It contains the value only where that may be shown. */
export function mistyped(token: IssuedToken, name: string, type: string): Refusal {
  const mayBeShown = ['iss', 'aud', 'exp', 'nbf', 'iat', 'scope'].includes(name);
  return new Refusal('claim_malformed', {
    expected: `${name}: ${type}`,
    ...(mayBeShown && { found: shown(token.claims[name]) }),
  });
}
