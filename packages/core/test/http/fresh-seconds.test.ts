import { describe, expect, it } from 'vitest';
import { freshSeconds } from '../../src/http/fresh-seconds.js';

function freshFor(cacheControl: string | undefined, age?: string): number | undefined {
  return freshSeconds(cacheControl, age);
}

describe('freshness lifetime of a response (D-16)', () => {
  it.each([undefined, '', ' ', ',', 'public', 'private, must-revalidate', 's-maxage=90', 'x-max-age=90'])(
    'Cache-Control %j states no lifetime (D-16)',
    (cacheControl) => {
      expect(freshFor(cacheControl)).toBeUndefined();
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
  ])('Cache-Control %j states a lifetime of %i s (D-16)', (cacheControl, seconds) => {
    expect(freshFor(cacheControl)).toBe(seconds);
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
  ])('a malformed Cache-Control states no lifetime: %j (D-16)', (cacheControl) => {
    expect(freshFor(cacheControl)).toBeUndefined();
  });

  it.each([
    'no-store',
    'no-cache',
    'No-Store',
    'no-cache, max-age=90',
    'max-age=90, no-store',
    'max-age=90,no-cache ,x',
  ])('a response that must not be stored has a lifetime of 0 s: %j (D-16)', (cacheControl) => {
    expect(freshFor(cacheControl)).toBe(0);
  });

  it('no-cache for a single field does not apply to the whole response (D-16)', () => {
    expect(freshFor('no-cache="set-cookie", max-age=90')).toBe(90);
  });

  it.each<[string, number]>([
    ['max-age=90, max-age=30', 30],
    ['max-age=30, max-age=90', 30],
    ['max-age=30, max-age=junk', 30],
  ])('the shorter one of two max-age values applies: %j (D-16)', (cacheControl, seconds) => {
    expect(freshFor(cacheControl)).toBe(seconds);
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
  ])('a max-age of 90 s with an Age of %s is a lifetime of %i s (D-16)', (age, seconds) => {
    expect(freshFor('max-age=90', age)).toBe(seconds);
  });

  it('an Age without Cache-Control states no lifetime (D-16)', () => {
    expect(freshFor(undefined, '30')).toBeUndefined();
  });

  it('a max-age of more than ten digits is ignored (D-16)', () => {
    expect(freshFor('max-age=9999999999')).toBe(9_999_999_999);
    expect(freshFor('max-age=99999999999')).toBeUndefined();
    expect(freshFor(`max-age=${'9'.repeat(10_000)}`)).toBeUndefined();
  });
});
