import type { Workshop } from './workshop.js';
import { type WrongClaims, wrongClaims } from './wrong-claims.js';
import { type WrongEncodings, wrongEncodings } from './wrong-encodings.js';
import { type WrongHeaders, wrongHeaders } from './wrong-headers.js';
import { type WrongKeys, wrongKeys } from './wrong-keys.js';
import { type WrongKinds, wrongKinds } from './wrong-kinds.js';
import { type WrongSignatures, wrongSignatures } from './wrong-signatures.js';

/** Tokens a resource server must refuse. Where the fault is not in the signature, the signature is right for the token as it stands. */
export interface BadTokens extends WrongClaims, WrongKinds, WrongKeys, WrongSignatures, WrongHeaders, WrongEncodings {}

/** The bad tokens that take a request and nothing else. */
export type BadTokenName = Exclude<keyof BadTokens, 'missingClaim' | 'mistypedClaim'>;

/** All of them, in the order of the README. */
export function badTokens(workshop: Workshop): BadTokens {
  return Object.freeze({
    ...wrongClaims(workshop),
    ...wrongKinds(workshop),
    ...wrongKeys(workshop),
    ...wrongSignatures(workshop),
    ...wrongHeaders(workshop),
    ...wrongEncodings(workshop),
  });
}
