import { setFlagsFromString } from 'node:v8';
import { expect, it } from 'vitest';
import { parseJsonObject } from '../../src/jws/json.js';

// Alone in its file: what has parsed something before has its layout already.
it('objects with the same members share one layout, whatever prototypes others have given to theirs', () => {
  setFlagsFromString('--allow-natives-syntax');
  const haveSameLayout = new Function('one', 'other', 'return %HaveSameMap(one, other)') as (
    one: unknown,
    other: unknown,
  ) => boolean;
  setFlagsFromString('--no-allow-natives-syntax');
  const others = Array.from({ length: 2000 }, () => Object.setPrototypeOf({}, {}) as object);
  expect(haveSameLayout(others[0], others[1])).toBe(false);
  const [one, other] = [1, 2].map((aud) => parseJsonObject(Buffer.from(JSON.stringify({ iss: 'x', aud }))));
  expect(haveSameLayout(one, other)).toBe(true);
  expect(others).toHaveLength(2000);
});
