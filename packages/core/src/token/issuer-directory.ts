import { Refusal, shown } from '../model/refusal.js';
import type { ParsedToken } from '../model/stages.js';

/**
 * The issuers that are trusted, each with what the later rooms need to judge its tokens.
 * A token's `iss` is compared code point by code point (RFC 9068 section 4), and nothing
 * happens for an issuer that is not in here: no key, no network.
 */
export class IssuerDirectory<Issuer> {
  readonly #issuers: ReadonlyMap<string, Issuer>;

  constructor(issuers: ReadonlyMap<string, Issuer>) {
    this.#issuers = issuers;
  }

  find({ issuer }: Pick<ParsedToken, 'issuer'>): Issuer | Refusal {
    return (
      this.#issuers.get(issuer) ??
      new Refusal('issuer_untrusted', { expected: 'iss: a configured issuer', found: shown(issuer) })
    );
  }
}
