import { describe, expect, it } from 'vitest';
import { turned } from '../src/measure/rounds.js';
import { differences, median, quantile, ratios, spread, summarize } from '../src/measure/statistics.js';

describe('the median', () => {
  it('is the middle one of an odd number of readings, whatever their order', () => {
    expect(median([9, 1, 5])).toBe(5);
  });

  it('lies between the two middle ones of an even number', () => {
    expect(median([4, 1, 10, 2])).toBe(3);
  });

  it('sorts numbers, not their text', () => {
    expect(median([10, 9, 100])).toBe(10);
  });

  it('of nothing is not a number', () => {
    expect(median([])).toBeNaN();
  });

  it('leaves the readings as they were', () => {
    const readings = [3, 1, 2];
    median(readings);
    expect(readings).toEqual([3, 1, 2]);
  });
});

describe('a quantile', () => {
  it('is interpolated between neighbours', () => {
    expect(quantile([0, 10], 0.25)).toBe(2.5);
  });

  it('reaches from the least to the greatest', () => {
    expect([quantile([7, 3, 5], 0), quantile([7, 3, 5], 1)]).toEqual([3, 7]);
  });
});

describe('the spread', () => {
  it('is half the distance of the quartiles, so that one wild reading does not widen it', () => {
    expect(spread(summarize([1, 2, 3, 4, 5]))).toBe(1);
    expect(spread(summarize([1, 2, 3, 4, 5000]))).toBe(1);
  });

  it('of one reading is nothing', () => {
    expect(summarize([4])).toEqual({ median: 4, q1: 4, q3: 4, count: 1 });
  });
});

describe('what is compared', () => {
  it('is compared round by round, so that a slow round slows both sides', () => {
    expect(ratios([2, 20, 4], [1, 10, 2])).toEqual({ median: 2, q1: 2, q3: 2, count: 3 });
    expect(differences([11, 110, 12], [10, 109, 11])).toEqual({ median: 1, q1: 1, q3: 1, count: 3 });
  });
});

describe('the order of turns', () => {
  it('begins with another one each round, and has everybody once', () => {
    expect([0, 1, 2, 3].map((round) => turned(['a', 'b', 'c'], round).join(''))).toEqual(['abc', 'bca', 'cab', 'abc']);
  });
});
