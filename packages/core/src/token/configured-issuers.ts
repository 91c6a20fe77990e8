import type { Refusal } from '../model/refusal.js';
import { type IssuerDirectory, type IssuerQuery, untrusted } from './issuer-directory.js';

/** The configured issuers. A look-up takes the same time for any number of issuers. */
export class ConfiguredIssuers<Issuer> implements IssuerDirectory<Issuer> {
  readonly #issuers: ReadonlyMap<string, Issuer>;

  constructor(issuers: ReadonlyMap<string, Issuer>) {
    this.#issuers = issuers;
  }

  find({ issuer }: IssuerQuery): Issuer | Refusal {
    return this.#issuers.get(issuer) ?? untrusted(issuer);
  }

  trusted(): Iterable<readonly [string, Issuer]> {
    return this.#issuers;
  }

  configured(): Iterable<readonly [string, Issuer]> {
    return this.#issuers;
  }
}
