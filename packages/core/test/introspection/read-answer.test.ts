import { describe, expect, it } from 'vitest';
import { readAnswer } from '../../src/introspection/read-answer.js';
import { Malformed } from '../../src/jws/malformed.js';
import { nested } from '../support/nested.js';

/** What an answer comes to: its claims, `inactive`, or why it is none. */
function outcome(text: string): unknown {
  const answer = readAnswer(Buffer.from(text));
  if (answer instanceof Malformed) return `malformed: ${answer.reason}`;
  return answer.claims ?? 'inactive';
}

describe('D-22: the answer of an introspection endpoint', () => {
  it('is that the token is active, with all that it says of it', () => {
    expect(outcome('{"active":true,"sub":"ada","n":1}')).toEqual({ active: true, sub: 'ada', n: 1 });
  });

  it('is that it is not, and then nothing else counts', () => {
    expect(outcome('{"active":false,"sub":"ada","scope":"admin"}')).toBe('inactive');
  });

  it('has the size that it came with', () => {
    expect(readAnswer(Buffer.from('{"active":false}'))).toMatchObject({ octets: 16 });
  });

  it.each(['"true"', '"false"', '1', '0', 'null', '[true]', '{}', '""'])(
    'D-22: is none where active is %s',
    (value) => {
      expect(outcome(`{"active":${value}}`)).toBe('malformed: active: not a boolean');
    },
  );

  it.each([
    ['without active', '{"sub":"ada"}'],
    ['with active in another case', '{"Active":true}'],
    ['with active deeper down', '{"token":{"active":true}}'],
  ])('D-22: is none %s', (_, text) => {
    expect(outcome(text)).toBe('malformed: active: not a boolean');
  });

  it.each([
    ['with two members active', '{"active":false,"active":true}'],
    ['with two members of any name', '{"active":true,"sub":"ada","sub":"eve"}'],
    ['that is a list', '[{"active":true}]'],
    ['that is a boolean', 'true'],
    ['that is a page', '<html>'],
    ['that is nothing', ''],
    ['with something behind it', '{"active":true}{}'],
  ])('is none %s', (_, text) => {
    expect(outcome(text)).toMatch(/^malformed: /);
  });

  it('is none where its octets are no UTF-8', () => {
    const octets = Buffer.from('{"active":true,"sub":"\u00fc"}', 'latin1');
    expect(readAnswer(octets)).toBeInstanceOf(Malformed);
    expect(outcome('{"active":true,"sub":"\u00fc"}')).toMatchObject({ sub: '\u00fc' });
  });

  it('is none where it is deeper than 32, and one at 32', () => {
    expect(outcome(`{"active":true,"deep":${nested(31)}}`)).toMatchObject({ active: true });
    expect(outcome(`{"active":true,"deep":${nested(32)}}`)).toMatch(/^malformed: /);
  });

  it.each(['__proto__', 'constructor', 'prototype', 'toString'])(
    'may have a member %s, which is a member like others',
    (name) => {
      const claims = Object(outcome(`{"active":true,"${name}":{"active":false,"sub":"eve"}}`));
      expect(Object.getPrototypeOf(claims)).toBeNull();
      expect(Object.keys(claims)).toEqual(['active', name]);
      expect([claims.active, claims.sub]).toEqual([true, undefined]);
    },
  );

  it('takes active from no prototype', () => {
    expect(outcome('{"__proto__":{"active":true}}')).toBe('malformed: active: not a boolean');
    expect(outcome('{"__proto__":{"active":true},"active":true}')).toMatchObject({ active: true });
  });
});
