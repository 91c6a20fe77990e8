import { describe, expect, it } from 'vitest';
import { firstPresent, isNumericDate, isText, scopeWords, stringOrList } from '../../src/claims/claim-values.js';
import { jsonObject } from '../support/json-object.js';

/** A value as a token contains it: parsed JSON text. */
const parsed = (text: string) => jsonObject(`{"value":${text}}`)['value'];

describe('isNumericDate (RFC 7519 section 2)', () => {
  it.each(['0', '1', '1999999999', '1999999999.5', '2e9', '99999999999'])('%s is a NumericDate', (text) => {
    expect(isNumericDate(parsed(text))).toBe(true);
  });

  it.each([
    ['a string', '"1999999999"'],
    ['an empty string', '""'],
    ['the text NaN', '"NaN"'],
    ['null', 'null'],
    ['true', 'true'],
    ['an object', '{}'],
    ['a list', '[1999999999]'],
    ['infinity', '1e999'],
    ['minus infinity', '-1e999'],
    ['a negative number', '-1'],
    ['milliseconds', '1999999999000'],
    ['one second too far', '100000000000'],
    ['a number too great to be exact', '1e300'],
  ])('%s is not a NumericDate', (_what, text) => {
    expect(isNumericDate(parsed(text))).toBe(false);
  });

  it('NaN and undefined are not NumericDates', () => {
    expect(isNumericDate(Number.NaN)).toBe(false);
    expect(isNumericDate(undefined)).toBe(false);
  });
});

it('isText accepts non-empty strings only', () => {
  expect(isText('x')).toBe(true);
  for (const value of ['', null, 1, ['x'], true, undefined]) expect(isText(value)).toBe(false);
});

it('stringOrList accepts a string or an array of strings only (RFC 7519 section 4.1.3)', () => {
  expect(stringOrList('x')).toEqual(['x']);
  expect(stringOrList(['x', 'y'])).toEqual(['x', 'y']);
  expect(stringOrList([])).toEqual([]);
  for (const text of ['null', '1', '{}', '[null]', '["x",1]', '[["x"]]', '{"0":"x","length":1}', 'true']) {
    expect(stringOrList(parsed(text))).toBeUndefined();
  }
  expect(stringOrList(undefined)).toBeUndefined();
});

describe('scopeWords, which splits at spaces (RFC 6749 section 3.3)', () => {
  it.each([
    ['read', ['read']],
    ['read write', ['read', 'write']],
    ['read  write', ['read', 'write']],
    [' read ', ['read']],
    ['read read', ['read']],
    ['', []],
    ['   ', []],
    ['read\twrite', ['read\twrite']],
    ['read\nwrite', ['read\nwrite']],
    ['read\u00a0write', ['read\u00a0write']],
    ['read,write', ['read,write']],
    ['Read read', ['Read', 'read']],
    ['__proto__ constructor', ['__proto__', 'constructor']],
  ])('the scopes of %j are %j', (text, words) => {
    expect(scopeWords(text)).toEqual(words);
  });

  it.each([1, 15, 16, 17, 300])('scopeWords returns %i scopes in their order and without duplicates', (count) => {
    const words = Array.from({ length: count }, (_, at) => `scope${at}`);
    expect(scopeWords(words.join(' '))).toEqual(words);
    expect(scopeWords(` ${words.join(' ')} ${words.toReversed().join('  ')}`)).toEqual(words);
  });
});

it('firstPresent returns the first claim that is present, even if its value is null', () => {
  const claims = jsonObject('{"b":null,"c":1}');
  expect(firstPresent(claims, ['a', 'b', 'c'])).toBe('b');
  expect(firstPresent(claims, ['c', 'b'])).toBe('c');
  expect(firstPresent(claims, ['a', 'constructor', '__proto__'])).toBeUndefined();
});
