import { Refusal, shown } from '../model/refusal.js';

/**
 * The trusted issuers, each with what the later steps need to validate its tokens. A token's `iss`
 * is compared code point by code point (RFC 9068 section 4). A token of any other issuer is
 * refused: no key is fetched and no request is sent for it.
 */
export interface IssuerDirectory<Issuer> {
  /** Finds the issuer of a token. Returns without a promise where it can. Never rejects. */
  find(token: IssuerQuery): Issuer | Refusal | Promise<Issuer | Refusal>;
  /** The issuers that are known to be trusted now. */
  trusted(): Iterable<readonly [identifier: string, issuer: Issuer]>;
  /** The configured issuers. Their keys can be fetched before the first request, by `ready()`. */
  configured(): Iterable<readonly [identifier: string, issuer: Issuer]>;
}

/** What a token states about its issuer. */
export interface IssuerQuery {
  /** The `iss` claim, unverified. */
  readonly issuer: string;
}

/** The refusal of a token whose issuer is not trusted. */
export function untrusted(issuer: string): Refusal {
  return new Refusal('issuer_untrusted', { expected: 'iss: a trusted issuer', found: shown(issuer) });
}
