import { describe, expect, it } from 'vitest';
import { isToken68, schemeEnd } from '../../src/credential/grammar.js';

const everyUnit = Array.from({ length: 0x180 }, (_, unit) => String.fromCharCode(unit));

/** Counts how often `parse` reads a character of a text. */
function countReads(parse: (value: string) => unknown, value: string): number {
  let count = 0;
  const watched = {
    length: value.length,
    charCodeAt(at: number) {
      count++;
      return value.charCodeAt(at);
    },
  };
  const proxy = new Proxy(watched, {
    get(target, name) {
      if (typeof name === 'string' && /^\d+$/.test(name)) {
        count++;
        return value[Number(name)];
      }
      return Reflect.get(target, name);
    },
  });
  parse(proxy as unknown as string);
  return count;
}

describe('token68 (RFC 9110 section 11.2)', () => {
  it('token68 has exactly these characters', () => {
    expect(everyUnit.filter((character) => isToken68(`a${character}a`)).join('')).toBe(
      '+-./0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ_abcdefghijklmnopqrstuvwxyz~',
    );
  });

  it('a token68 has at least one character, then any number of equals signs', () => {
    for (const good of ['a', 'a=', 'a====', '/', '-._~+/']) expect(isToken68(good)).toBe(true);
    for (const wrong of ['', '=', '==', 'a=b', '=a', 'a=b=', 'a= ', 'a ']) expect(isToken68(wrong)).toBe(false);
  });
});

describe('the scheme token (RFC 9110 section 5.6.2)', () => {
  it('a scheme has exactly these characters', () => {
    expect(everyUnit.filter((character) => schemeEnd(character) === 1).join('')).toBe(
      "!#$%&'*+-.0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ^_`abcdefghijklmnopqrstuvwxyz|~",
    );
  });

  it('a scheme ends before the first character that is not allowed', () => {
    expect(schemeEnd('Bearer abc')).toBe(6);
    expect(schemeEnd('Bearer')).toBe(6);
    expect(schemeEnd(' Bearer')).toBe(0);
    expect(schemeEnd('')).toBe(0);
  });
});

describe('the run time of the grammar', () => {
  it.each([
    ['a long token', 'a'.repeat(100_000)],
    ['long padding', `a${'='.repeat(100_000)}`],
    ['invalid long padding', `a${'='.repeat(100_000)}b`],
    ['a long token with an invalid last character', `${'a'.repeat(100_000)} `],
  ])('isToken68 and schemeEnd read each character a bounded number of times: %s', (_what, value) => {
    expect(countReads(isToken68, value)).toBeLessThanOrEqual(2 * value.length + 2);
    expect(countReads(schemeEnd, value)).toBeLessThanOrEqual(2 * value.length + 2);
  });
});
