import { describe, expect, it } from 'vitest';
import { shown as lazyShown, Refusal } from '../../src/model/refusal.js';

const shown = (value: unknown) => String(lazyShown(value));

describe('shown values: token data as JSON strings of printable ASCII', () => {
  it.each([
    ['text', 'at+jwt', '"at+jwt"'],
    ['a number', 2000, '2000'],
    ['a list', ['a', 'b'], '["a","b"]'],
    ['nothing', undefined, 'nothing'],
    ['null', null, 'null'],
    ['a line break', 'a\r\nb', '"a\\r\\nb"'],
    ['ESC', '\u001b[2J', '"\\u001b[2J"'],
    ['NUL and DEL', '\0\u007f', '"\\u0000\\u007f"'],
    ['a line separator', 'a\u2028b\u2029', '"a\\u2028b\\u2029"'],
    ['C1 controls', '\u0085\u009b', '"\\u0085\\u009b"'],
    ['a right-to-left override', '\u202e', '"\\u202e"'],
    ['a byte order mark', '\ufeff', '"\\ufeff"'],
    ['a quote and a backslash', '"\\', '"\\"\\\\"'],
    ['half a surrogate pair', '\ud834', '"\\ud834"'],
    ['a letter outside the basic plane', '𝄞', '"\\ud834\\udd1e"'],
    ['a member name', { 'a\n\u2028': 1 }, '{"a\\n\\u2028":1}'],
  ])('%s is shown as printable ASCII', (_what, value, text) => {
    expect(shown(value)).toBe(text);
  });

  it('a shown value has at most 200 characters, longer ones end with three dots', () => {
    expect(shown('x'.repeat(198))).toBe(`"${'x'.repeat(198)}"`);
    expect(shown('x'.repeat(199))).toBe(`"${'x'.repeat(196)}...`);
    expect(shown(Array(5000).fill('scope').join(' '))).toHaveLength(200);
  });

  it.each(['é', '\u2028', '\u001b', '"', '𝄞', '\\'])(
    'a shown value has at most 200 characters after escaping: %j',
    (character) => {
      expect(shown(character.repeat(300)).length).toBeLessThanOrEqual(200);
    },
  );

  it('a shown value of every UTF-16 code unit is printable ASCII', () => {
    for (let unit = 0; unit < 0x10000; unit += 1) {
      const text = shown(String.fromCharCode(unit));
      if (!/^[\x20-\x7e]+$/.test(text)) expect(text).toBe(unit);
    }
  });
});

describe('a Refusal', () => {
  const cause = new Error('why');
  const refusal = new Refusal('token_expired', { expected: 'a', found: lazyShown('b'), cause, retryAfterSeconds: 3 });

  it('a refusal is frozen, and its detail has only what was expected and found', () => {
    expect(Object.isFrozen(refusal)).toBe(true);
    expect(Object.isFrozen(refusal.detail)).toBe(true);
    expect(refusal.detail).toEqual({ expected: 'a', found: '"b"' });
    expect(Object.keys(new Refusal('token_expired').detail)).toEqual([]);
  });

  it('withContext() returns a copy of the refusal with more context', () => {
    const extended = refusal.withContext({ issuer: 'https://issuer.test' }).withContext({ scheme: 'Bearer' });
    expect(extended.context).toEqual({ issuer: 'https://issuer.test', scheme: 'Bearer' });
    expect(extended.fields).toBe(refusal.fields);
    expect(extended.code).toBe('token_expired');
    expect(refusal.context).toEqual({});
  });
});
