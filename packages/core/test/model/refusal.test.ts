import { describe, expect, it } from 'vitest';
import { shown as lazily, Refusal } from '../../src/model/refusal.js';

const shown = (value: unknown) => String(lazily(value));

describe('a value out of a token is shown as a JSON string of printable ASCII', () => {
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
    ['text that turns around', '\u202e', '"\\u202e"'],
    ['a byte order mark', '\ufeff', '"\\ufeff"'],
    ['a quote and a backslash', '"\\', '"\\"\\\\"'],
    ['half a surrogate pair', '\ud834', '"\\ud834"'],
    ['a letter outside the basic plane', '𝄞', '"\\ud834\\udd1e"'],
    ['a member name', { 'a\n\u2028': 1 }, '{"a\\n\\u2028":1}'],
  ])('%s', (_what, value, text) => {
    expect(shown(value)).toBe(text);
  });

  it('200 characters are shown whole, more are cut with three dots', () => {
    expect(shown('x'.repeat(198))).toBe(`"${'x'.repeat(198)}"`);
    expect(shown('x'.repeat(199))).toBe(`"${'x'.repeat(196)}...`);
    expect(shown(Array(5000).fill('scope').join(' '))).toHaveLength(200);
  });

  it.each(['é', '\u2028', '\u001b', '"', '𝄞', '\\'])(
    'never more than 200 characters come out, whatever is escaped: %j',
    (character) => {
      expect(shown(character.repeat(300)).length).toBeLessThanOrEqual(200);
    },
  );

  it('whatever the value, nothing but printable ASCII comes out', () => {
    for (let unit = 0; unit < 0x10000; unit += 1) {
      const text = shown(String.fromCharCode(unit));
      if (!/^[\x20-\x7e]+$/.test(text)) expect(text).toBe(unit);
    }
  });
});

describe('a refusal', () => {
  const cause = new Error('why');
  const refusal = new Refusal('token_expired', { expected: 'a', found: lazily('b'), cause, retryAfterSeconds: 3 });

  it('is frozen, and tells operators what was expected and found, and no more', () => {
    expect(Object.isFrozen(refusal)).toBe(true);
    expect(Object.isFrozen(refusal.detail)).toBe(true);
    expect(refusal.detail).toEqual({ expected: 'a', found: '"b"' });
    expect(Object.keys(new Refusal('token_expired').detail)).toEqual([]);
  });

  it('is told what it concerns without being changed', () => {
    const concerning = refusal.concerning({ issuer: 'https://issuer.test' }).concerning({ scheme: 'Bearer' });
    expect(concerning.context).toEqual({ issuer: 'https://issuer.test', scheme: 'Bearer' });
    expect(concerning.fields).toBe(refusal.fields);
    expect(concerning.code).toBe('token_expired');
    expect(refusal.context).toEqual({});
  });
});
