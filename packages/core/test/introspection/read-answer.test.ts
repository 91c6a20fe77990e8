import { describe, expect, it } from 'vitest';
import { readAnswer } from '../../src/introspection/read-answer.js';
import { Malformed } from '../../src/jws/malformed.js';
import { nested } from '../support/nested.js';

/** The result of an answer: its claims, `inactive`, or the reason why it is malformed. */
function outcome(text: string): unknown {
  const answer = readAnswer(Buffer.from(text));
  if (answer instanceof Malformed) return `malformed: ${answer.reason}`;
  return answer.claims ?? 'inactive';
}

describe('reading an introspection answer (D-22)', () => {
  it('an active answer yields all of its claims', () => {
    expect(outcome('{"active":true,"sub":"ada","n":1}')).toEqual({ active: true, sub: 'ada', n: 1 });
  });

  it('an inactive answer yields no claims', () => {
    expect(outcome('{"active":false,"sub":"ada","scope":"admin"}')).toBe('inactive');
  });

  it('an introspection answer carries its size in octets', () => {
    expect(readAnswer(Buffer.from('{"active":false}'))).toMatchObject({ octets: 16 });
  });

  it.each(['"true"', '"false"', '1', '0', 'null', '[true]', '{}', '""'])(
    'an answer whose active is %s is malformed (D-22)',
    (value) => {
      expect(outcome(`{"active":${value}}`)).toBe('malformed: active: not a boolean');
    },
  );

  it.each([
    ['without active', '{"sub":"ada"}'],
    ['with active in another case', '{"Active":true}'],
    ['with active in a nested object', '{"token":{"active":true}}'],
  ])('an answer %s is malformed (D-22)', (_, text) => {
    expect(outcome(text)).toBe('malformed: active: not a boolean');
  });

  it.each([
    ['with two members active', '{"active":false,"active":true}'],
    ['with two members of any name', '{"active":true,"sub":"ada","sub":"eve"}'],
    ['that is a list', '[{"active":true}]'],
    ['that is a boolean', 'true'],
    ['that is an HTML page', '<html>'],
    ['that is empty', ''],
    ['followed by another object', '{"active":true}{}'],
  ])('an answer %s is refused as malformed JSON', (_, text) => {
    expect(outcome(text)).toMatch(/^malformed: /);
  });

  it('an answer that is not UTF-8 is malformed', () => {
    const octets = Buffer.from('{"active":true,"sub":"\u00fc"}', 'latin1');
    expect(readAnswer(octets)).toBeInstanceOf(Malformed);
    expect(outcome('{"active":true,"sub":"\u00fc"}')).toMatchObject({ sub: '\u00fc' });
  });

  it('an answer nested deeper than 32 is malformed', () => {
    expect(outcome(`{"active":true,"deep":${nested(31)}}`)).toMatchObject({ active: true });
    expect(outcome(`{"active":true,"deep":${nested(32)}}`)).toMatch(/^malformed: /);
  });

  it.each(['__proto__', 'constructor', 'prototype', 'toString'])(
    'an answer may contain a member %s, which is treated as data',
    (name) => {
      const claims = Object(outcome(`{"active":true,"${name}":{"active":false,"sub":"eve"}}`));
      expect(Object.getPrototypeOf(claims)).toBeNull();
      expect(Object.keys(claims)).toEqual(['active', name]);
      expect([claims.active, claims.sub]).toEqual([true, undefined]);
    },
  );

  it('active is never read from a prototype', () => {
    expect(outcome('{"__proto__":{"active":true}}')).toBe('malformed: active: not a boolean');
    expect(outcome('{"__proto__":{"active":true},"active":true}')).toMatchObject({ active: true });
  });
});
