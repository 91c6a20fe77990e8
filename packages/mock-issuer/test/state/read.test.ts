import { expect, test } from 'vitest';
import { list, optional, refill, shape, text, whole } from '../../src/state/read.js';

const read = shape<{ name: string; ages: number[]; nick?: string }>({
  name: text,
  ages: list(whole),
  nick: optional(text),
});

test('what fits gets its type, and members that are left out stay so', () => {
  expect(read({ name: 'a', ages: [1] }, '')).toStrictEqual({ name: 'a', ages: [1] });
  expect(read({ name: 'a', ages: [], nick: 'b' }, '')).toStrictEqual({ name: 'a', ages: [], nick: 'b' });
});

test.each([
  [[], /^it must be an object/],
  [{ ages: [] }, /^name must be a string, not empty/],
  [{ name: 'a', ages: [0, -1] }, /^ages\[1\] must be a whole number/],
  [{ name: 'a', ages: [], more: 1 }, /^more must be left out/],
  [JSON.parse('{ "name": "a", "ages": [], "__proto__": {} }'), /^__proto__ must be left out/],
])('%j does not fit, and where is told', (value, says) => {
  expect(() => read(value, '')).toThrow(says);
});

test('a map is filled from pairs alone', () => {
  const map = new Map<string, number>();
  refill(map, [['__proto__', 1]], whole);
  expect([...map]).toEqual([['__proto__', 1]]);
  expect(() => refill(map, [['a']], whole)).toThrow(/^\[0\] must be a name and a value/);
  expect(() => refill(map, [['a', 'b']], whole)).toThrow(/^\[0\]\[1\] must be a whole number/);
  expect(() => refill(map, { a: 1 }, whole)).toThrow(/^it must be an array/);
});
