import { expect, test } from 'vitest';
import { preferredType } from '../../src/http/preferred-type.js';

const offered = ['application/json', 'application/x+jwt'] as const;

test.each([
  [undefined, 'application/json'],
  ['', 'application/json'],
  ['*/*', 'application/json'],
  ['text/html', 'application/json'],
  ['application/*', 'application/json'],
  ['application/x+jwt', 'application/x+jwt'],
  ['Application/X+JWT;v=1', 'application/x+jwt'],
  ['application/x+jwt, */*', 'application/x+jwt'],
  ['application/json, application/x+jwt', 'application/json'],
  ['application/json;q=0.9, application/x+jwt', 'application/x+jwt'],
  ['application/x+jwt;q=0.5, application/json', 'application/json'],
  ['application/x+jwt;q=0', 'application/json'],
  ['application/x+jwt;q=nonsense', 'application/x+jwt'],
])('of Accept: %s the answer is %s', (accept, type) => {
  expect(preferredType(accept, [...offered])).toBe(type);
});
