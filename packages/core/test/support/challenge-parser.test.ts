import { describe, expect, it } from 'vitest';
import { parseChallenge } from './challenge-parser.js';

describe('the referee of challenges reads RFC 9110 and nothing else', () => {
  it('a scheme and its parameters', () => {
    const { scheme, parameters, quoted } = parseChallenge('Bearer realm="a \\"b\\" , c", Error=x ,scope = "a b"');
    expect(scheme).toBe('Bearer');
    expect([...parameters]).toEqual([
      ['realm', 'a "b" , c'],
      ['error', 'x'],
      ['scope', 'a b'],
    ]);
    expect([...quoted]).toEqual(['realm', 'scope']);
    expect(parseChallenge('Bearer').parameters.size).toBe(0);
  });

  it.each([
    '',
    ' Bearer',
    '"Bearer" a=b',
    'Bearer a',
    'Bearer abc==',
    'Bearer a="b',
    'Bearer a=b"',
    'Bearer a="b\n"',
    'Bearer a="ü"',
    'Bearer a=ü',
    'Bearer a="b" c="d"',
    'Bearer a="b";c="d"',
    'Bearer a="b",',
    'Bearer ,a="b"',
    'Bearer a="b",,c="d"',
    'Bearer a="b", A="c"',
    'Bearer\ta="b"',
  ])('%j is refused', (line) => {
    expect(() => parseChallenge(line)).toThrow();
  });
});
