import { describe, expect, it } from 'vitest';
import { isToken68, schemeEnd } from '../../src/credential/grammar.js';

const everyUnit = Array.from({ length: 0x180 }, (_, unit) => String.fromCharCode(unit));

/** How often a text of `length` times `character` is looked at by `parse`. */
function looks(parse: (value: string) => unknown, value: string): number {
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

describe('RFC 9110 section 11.2: token68', () => {
  it('has exactly these characters', () => {
    expect(everyUnit.filter((character) => isToken68(`a${character}a`)).join('')).toBe(
      '+-./0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ_abcdefghijklmnopqrstuvwxyz~',
    );
  });

  it('ends with as many equals signs as it likes, and has at least one other character', () => {
    for (const good of ['a', 'a=', 'a====', '/', '-._~+/']) expect(isToken68(good)).toBe(true);
    for (const wrong of ['', '=', '==', 'a=b', '=a', 'a=b=', 'a= ', 'a ']) expect(isToken68(wrong)).toBe(false);
  });
});

describe('RFC 9110 section 5.6.2: a scheme is a token', () => {
  it('has exactly these characters', () => {
    expect(everyUnit.filter((character) => schemeEnd(character) === 1).join('')).toBe(
      "!#$%&'*+-.0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ^_`abcdefghijklmnopqrstuvwxyz|~",
    );
  });

  it('ends before the first other character', () => {
    expect(schemeEnd('Bearer abc')).toBe(6);
    expect(schemeEnd('Bearer')).toBe(6);
    expect(schemeEnd(' Bearer')).toBe(0);
    expect(schemeEnd('')).toBe(0);
  });
});

describe('each character is looked at a bounded number of times', () => {
  it.each([
    ['a long token', 'a'.repeat(100_000)],
    ['long padding', `a${'='.repeat(100_000)}`],
    ['long padding that is none', `a${'='.repeat(100_000)}b`],
    ['a long token with a fault at its end', `${'a'.repeat(100_000)} `],
  ])('%s', (_what, value) => {
    expect(looks(isToken68, value)).toBeLessThanOrEqual(2 * value.length + 2);
    expect(looks(schemeEnd, value)).toBeLessThanOrEqual(2 * value.length + 2);
  });
});
