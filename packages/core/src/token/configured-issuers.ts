import type { Refusal } from '../model/refusal.js';
import { type IssuerDirectory, type IssuerQuery, untrusted } from './issuer-directory.js';

/** Issuers that were configured: one look-up, however many they are. */
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
