import { describe, expect, it } from 'vitest';
import { speedRatio, spread, statisticOf } from './statistics';

describe('statistics', () => {
  it('take the middle of an odd and the mean of the two middles of an even number of values', () => {
    expect(statisticOf([5, 1, 9])).toEqual({ median: 5, smallest: 1, largest: 9, count: 3 });
    expect(statisticOf([4, 1, 3, 100]).median).toBe(3.5);
    expect(statisticOf([7])).toEqual({ median: 7, smallest: 7, largest: 7, count: 1 });
  });

  it('refuse to say anything about nothing', () => {
    expect(() => statisticOf([])).toThrow(/got none/);
  });

  it('give the spread in parts of the median, and ratios above 1 where we are faster', () => {
    expect(spread(statisticOf([9, 10, 12]))).toBeCloseTo(0.3);
    expect(speedRatio(statisticOf([10]), statisticOf([12]))).toBeCloseTo(1.2);
  });
});
