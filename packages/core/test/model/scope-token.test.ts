import { expect, it } from 'vitest';
import { isScopeToken } from '../../src/model/scope-token.js';

it('RFC 6749 section 3.3: a scope-token has exactly these characters', () => {
  const everyUnit = Array.from({ length: 0x180 }, (_, unit) => String.fromCharCode(unit));
  const allowed = everyUnit.filter(isScopeToken).join('');
  const printable = Array.from({ length: 0x7e - 0x20 }, (_, at) => String.fromCharCode(0x21 + at)).join('');
  expect(allowed).toBe(printable.replace('"', '').replace('\\', ''));
});

it('every one of its characters counts, the line break at its end too', () => {
  expect(isScopeToken('read:all')).toBe(true);
  for (const wrong of ['', ' ', 'a b', 'a\n', '\na', 'a\u2028', null, undefined, 1, ['a']])
    expect(isScopeToken(wrong)).toBe(false);
});
