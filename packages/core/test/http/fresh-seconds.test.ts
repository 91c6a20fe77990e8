import { describe, expect, it } from 'vitest';
import { freshSeconds } from '../../src/http/fresh-seconds.js';

function saying(cacheControl: string | undefined, age?: string): number | undefined {
  return freshSeconds(cacheControl, age);
}

describe('D-16: how long an answer is fresh by its own account', () => {
  it.each([undefined, '', ' ', ',', 'public', 'private, must-revalidate', 's-maxage=90', 'x-max-age=90'])(
    'D-16: %j does not say',
    (cacheControl) => {
      expect(saying(cacheControl)).toBeUndefined();
    },
  );

  it.each<[string, number]>([
    ['max-age=90', 90],
    ['MAX-AGE=90', 90],
    ['public, max-age=90, must-revalidate', 90],
    ['public,max-age=90', 90],
    ['  max-age=90\t,public', 90],
    ['max-age="90"', 90],
    ['max-age=0', 0],
    ['max-age=0090', 90],
  ])('D-16: %j is %i s', (cacheControl, seconds) => {
    expect(saying(cacheControl)).toBe(seconds);
  });

  it.each([
    'max-age',
    'max-age=',
    'max-age=-1',
    'max-age=1.5',
    'max-age=1e3',
    'max-age=0x10',
    'max-age=ninety',
    'max-age= 90',
    'max-age =90',
    'max-age=90 s',
    'max-age=90;public',
    'max-age=\u0669\u0660',
  ])('D-16: junk says nothing: %j', (cacheControl) => {
    expect(saying(cacheControl)).toBeUndefined();
  });

  it.each([
    'no-store',
    'no-cache',
    'No-Store',
    'no-cache, max-age=90',
    'max-age=90, no-store',
    'max-age=90,no-cache ,x',
  ])('D-16: what may not be kept is not fresh at all: %j', (cacheControl) => {
    expect(saying(cacheControl)).toBe(0);
  });

  it('D-16: no-cache for one field is not said of the answer', () => {
    expect(saying('no-cache="set-cookie", max-age=90')).toBe(90);
  });

  it.each<[string, number]>([
    ['max-age=90, max-age=30', 30],
    ['max-age=30, max-age=90', 30],
    ['max-age=30, max-age=junk', 30],
  ])('D-16: said twice, the shorter time counts: %j', (cacheControl, seconds) => {
    expect(saying(cacheControl)).toBe(seconds);
  });

  it.each<[string | undefined, number]>([
    ['30', 60],
    ['0', 90],
    ['90', 0],
    ['9999999999', 0],
    [undefined, 90],
    ['-30', 90],
    ['half a minute', 90],
    ['30, 40', 90],
    ['', 90],
  ])('D-16: of 90 s, Age: %s leaves %i s', (age, seconds) => {
    expect(saying('max-age=90', age)).toBe(seconds);
  });

  it('D-16: an Age alone says nothing', () => {
    expect(saying(undefined, '30')).toBeUndefined();
  });

  it('D-16: numbers beyond sense are finite, or say nothing', () => {
    expect(saying('max-age=9999999999')).toBe(9_999_999_999);
    expect(saying('max-age=99999999999')).toBeUndefined();
    expect(saying(`max-age=${'9'.repeat(10_000)}`)).toBeUndefined();
  });
});
