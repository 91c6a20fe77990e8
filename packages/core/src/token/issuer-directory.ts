import { Refusal, shown } from '../model/refusal.js';

/**
 * The issuers that are trusted, each with what the later rooms need to judge its tokens.
 * A token's `iss` is compared code point by code point (RFC 9068 section 4), and nothing
 * happens for an issuer that is not in here: no key, no network.
 */
export interface IssuerDirectory<Issuer> {
  /** Answers at once where it can; never rejects. */
  find(token: IssuerQuery): Issuer | Refusal | Promise<Issuer | Refusal>;
  /** Those that are known to be trusted now. */
  trusted(): Iterable<readonly [identifier: string, issuer: Issuer]>;
  /** Those that were configured: their keys are wanted before anybody comes. */
  configured(): Iterable<readonly [identifier: string, issuer: Issuer]>;
}

/** What a token says of its issuer. */
export interface IssuerQuery {
  /** The `iss` it claims. */
  readonly issuer: string;
}

/** The "no" to an issuer that is not trusted. */
export function untrusted(issuer: string): Refusal {
  return new Refusal('issuer_untrusted', { expected: 'iss: a trusted issuer', found: shown(issuer) });
}
