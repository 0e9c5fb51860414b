import { describe, expect, it } from 'vitest';
import { logBinomial, logGamma } from './log-gamma';

describe('logGamma', () => {
  it('is the logarithm of the factorial', () => {
    let factorial = 0;
    for (let n = 1; n < 60; n += 1) {
      expect(logGamma(n)).toBeCloseTo(factorial, 10);
      factorial += Math.log(n);
    }
    expect(logGamma(0.5)).toBeCloseTo(Math.log(Math.PI) / 2, 12);
    expect(logGamma(0.25)).toBeCloseTo(1.2880225246980774, 12);
  });

  it('counts subsets', () => {
    expect(Math.exp(logBinomial(10, 3))).toBeCloseTo(120, 8);
    expect(logBinomial(5, 0)).toBeCloseTo(0, 10);
  });
});
