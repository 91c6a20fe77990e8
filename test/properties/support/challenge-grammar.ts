/** One challenge (RFC 9110 section 11.3): its scheme, and its parameters by lower-case name. */
export interface Challenge {
  readonly scheme: string;
  readonly parameters: ReadonlyMap<string, { readonly value: string; readonly isQuoted: boolean }>;
}

/** The text is not a challenge. */
export class GrammarError extends Error {}

const tchar = /^[!#$%&'*+\-.^_`|~0-9A-Za-z]$/;
const qdtext = /^[\t \x21\x23-\x5b\x5d-\x7e\x80-\xff]$/;
const quotable = /^[\t \x21-\x7e\x80-\xff]$/;

/**
 * Parses a field value that is exactly one challenge with parameters, by the grammar of RFC 9110:
 *
 *     challenge  = auth-scheme 1*SP auth-param *( OWS "," OWS auth-param )
 *     auth-param = token BWS "=" BWS ( token / quoted-string )
 *
 * @throws {GrammarError} for any other text, a duplicate parameter included (section 11.2)
 */
export function parseChallenge(text: string): Challenge {
  const reader = new Reader(text);
  const scheme = reader.run(tchar, 'a scheme');
  reader.run(/^ $/, 'a space');
  const parameters = new Map<string, { value: string; isQuoted: boolean }>();
  do {
    reader.blank();
    const name = reader.run(tchar, 'a parameter').toLowerCase();
    if (parameters.has(name)) throw new GrammarError(`${name} is duplicated`);
    reader.blank();
    reader.expect('=');
    reader.blank();
    const isQuoted = reader.peek() === '"';
    parameters.set(name, { value: isQuoted ? reader.quotedString() : reader.run(tchar, 'a value'), isQuoted });
    reader.blank();
  } while (reader.take(','));
  if (reader.peek() !== '') throw new GrammarError(`text behind the challenge: ${reader.rest()}`);
  return { scheme, parameters };
}

class Reader {
  readonly #text: string;
  #at = 0;

  constructor(text: string) {
    this.#text = text;
  }

  peek(): string {
    return this.#text.charAt(this.#at);
  }

  rest(): string {
    return JSON.stringify(this.#text.slice(this.#at));
  }

  take(character: string): boolean {
    if (this.peek() !== character) return false;
    this.#at++;
    return true;
  }

  expect(character: string): void {
    if (!this.take(character)) throw new GrammarError(`expected ${character}, found ${this.rest()}`);
  }

  /** At least one character of a class. */
  run(allowed: RegExp, what: string): string {
    const start = this.#at;
    while (allowed.test(this.peek())) this.#at++;
    if (this.#at === start) throw new GrammarError(`expected ${what}, found ${this.rest()}`);
    return this.#text.slice(start, this.#at);
  }

  /** OWS and BWS (section 5.6.3). */
  blank(): void {
    while (this.peek() === ' ' || this.peek() === '\t') this.#at++;
  }

  /** Section 5.6.4, unquoted. */
  quotedString(): string {
    this.expect('"');
    let value = '';
    while (!this.take('"')) {
      const allowed = this.take('\\') ? quotable : qdtext;
      if (!allowed.test(this.peek()))
        throw new GrammarError(`expected a character of a quoted-string, found ${this.rest()}`);
      value += this.peek();
      this.#at++;
    }
    return value;
  }
}
