import { expect, it } from 'vitest';
import { isScopeToken } from '../../src/model/scope-token.js';

it('a scope-token has exactly these characters (RFC 6749 section 3.3)', () => {
  const everyUnit = Array.from({ length: 0x180 }, (_, unit) => String.fromCharCode(unit));
  const allowed = everyUnit.filter(isScopeToken).join('');
  const printable = Array.from({ length: 0x7e - 0x20 }, (_, at) => String.fromCharCode(0x21 + at)).join('');
  expect(allowed).toBe(printable.replace('"', '').replace('\\', ''));
});

it('isScopeToken checks every character, also a line break at the end', () => {
  expect(isScopeToken('read:all')).toBe(true);
  for (const wrong of ['', ' ', 'a b', 'a\n', '\na', 'a\u2028', null, undefined, 1, ['a']])
    expect(isScopeToken(wrong)).toBe(false);
});
