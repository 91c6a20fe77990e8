import { type Granted, readGranted } from '../granted.js';
import type { Store } from '../state/persistent.js';
import { list, optional, type Read, refill, shape, text, whole } from '../state/read.js';

/** An authorization code and what it is bound to (RFC 6749 section 4.1.2, RFC 7636 section 4.4). */
export interface IssuedCode {
  readonly granted: Granted;
  readonly redirectUri: string;
  readonly codeChallenge: string;
  /** The key that a proof of possession must come with (RFC 9449 section 10). */
  readonly dpopJkt: string | undefined;
  readonly expiresAtSeconds: number;
}

const readCode: Read<IssuedCode> = shape<IssuedCode>({
  granted: readGranted,
  redirectUri: text,
  codeChallenge: text,
  dpopJkt: optional(text),
  expiresAtSeconds: whole,
});
const readContent = shape<{ codes: unknown; used: string[] }>({ codes: (value) => value, used: list(text) });

/** Every code that was issued, used or not: a code that comes again is worth knowing. */
export class CodeStore implements Store {
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

  snapshot(): unknown {
    return { codes: [...this.#codes], used: [...this.#used] };
  }

  restore(data: unknown): void {
    const { codes, used } = readContent(data, '');
    refill(this.#codes, codes, readCode);
    for (const code of used) this.#used.add(code);
  }
}
