import type { Granted } from '../granted.js';

/** An authorization code and what it is bound to (RFC 6749 section 4.1.2, RFC 7636 section 4.4). */
export interface IssuedCode {
  readonly granted: Granted;
  readonly redirectUri: string;
  readonly codeChallenge: string;
  /** The key that a proof of possession must come with (RFC 9449 section 10). */
  readonly dpopJkt: string | undefined;
  readonly expiresAtSeconds: number;
}

/** Every code that was issued, used or not: a code that comes again is worth knowing. */
export class CodeStore {
  readonly #codes = new Map<string, IssuedCode>();
  readonly #used = new Set<string>();

  remember(code: string, issued: IssuedCode): void {
    this.#codes.set(code, issued);
  }

  find(code: string): IssuedCode | undefined {
    return this.#codes.get(code);
  }

  use(code: string): void {
    this.#used.add(code);
  }

  isUsed(code: string): boolean {
    return this.#used.has(code);
  }

  /** Nothing was ever issued. */
  clear(): void {
    this.#codes.clear();
    this.#used.clear();
  }
}
