import { describe, expect, it } from 'vitest';
import { parseChallenge } from './challenge-parser.js';

describe('parseChallenge, the strict RFC 9110 parser of the tests', () => {
  it('parseChallenge returns the scheme and its parameters', () => {
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
  ])('parseChallenge throws for %j', (line) => {
    expect(() => parseChallenge(line)).toThrow();
  });
});
