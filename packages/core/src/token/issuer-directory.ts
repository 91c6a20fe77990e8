import { Refusal, shown } from '../model/refusal.js';
import type { ParsedToken } from '../model/stages.js';

/**
 * The issuers that are trusted, each with what the later rooms need to judge its tokens.
 * A token's `iss` is compared code point by code point (RFC 9068 section 4), and nothing
 * happens for an issuer that is not in here: no key, no network.
 */
export class IssuerDirectory<Lane> {
  readonly #lanes: ReadonlyMap<string, Lane>;

  constructor(lanes: ReadonlyMap<string, Lane>) {
    this.#lanes = lanes;
  }

  find(token: ParsedToken): Lane | Refusal {
    return (
      this.#lanes.get(token.issuer) ??
      new Refusal('issuer_untrusted', { expected: 'iss: a configured issuer', found: shown(token.issuer) })
    );
  }
}
