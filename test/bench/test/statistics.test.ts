import { describe, expect, it } from 'vitest';
import { rotated } from '../src/measure/rounds.js';
import { differences, median, quantile, ratios, spread, summarize } from '../src/measure/statistics.js';

describe('the median', () => {
  it('the median of an odd number of unsorted readings is the middle one', () => {
    expect(median([9, 1, 5])).toBe(5);
  });

  it('the median of an even number of readings is the mean of the two middle ones', () => {
    expect(median([4, 1, 10, 2])).toBe(3);
  });

  it('the median sorts readings as numbers, not as text', () => {
    expect(median([10, 9, 100])).toBe(10);
  });

  it('the median of no readings is NaN', () => {
    expect(median([])).toBeNaN();
  });

  it('the median does not change the list of readings', () => {
    const readings = [3, 1, 2];
    median(readings);
    expect(readings).toEqual([3, 1, 2]);
  });
});

describe('a quantile', () => {
  it('a quantile is interpolated between neighbouring readings', () => {
    expect(quantile([0, 10], 0.25)).toBe(2.5);
  });

  it('the quantiles 0 and 1 are the minimum and the maximum', () => {
    expect([quantile([7, 3, 5], 0), quantile([7, 3, 5], 1)]).toEqual([3, 7]);
  });
});

describe('the spread', () => {
  it('the spread is half the interquartile range, so an outlier does not change it', () => {
    expect(spread(summarize([1, 2, 3, 4, 5]))).toBe(1);
    expect(spread(summarize([1, 2, 3, 4, 5000]))).toBe(1);
  });

  it('a single reading has no spread', () => {
    expect(summarize([4])).toEqual({ median: 4, q1: 4, q3: 4, count: 1 });
  });
});

describe('ratios and differences', () => {
  it('ratios and differences compare readings of the same round', () => {
    expect(ratios([2, 20, 4], [1, 10, 2])).toEqual({ median: 2, q1: 2, q3: 2, count: 3 });
    expect(differences([11, 110, 12], [10, 109, 11])).toEqual({ median: 1, q1: 1, q3: 1, count: 3 });
  });
});

describe('the order of subjects', () => {
  it('each round starts with the next subject, and contains every subject once', () => {
    expect([0, 1, 2, 3].map((round) => rotated(['a', 'b', 'c'], round).join(''))).toEqual(['abc', 'bca', 'cab', 'abc']);
  });
});
