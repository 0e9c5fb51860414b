import { describe, expect, it } from 'vitest';
import { mulberry32 } from '../random/mulberry32';
import { entropyEstimates, entropyOf } from './entropy-estimates';
import { digamma, hurwitzZeta } from './special-functions';

describe('entropyEstimates', () => {
  it('is exact where it can be', () => {
    expect(entropyEstimates([2, 1, 1, 0]).plugIn).toBeCloseTo(1.5, 12);
    expect(entropyEstimates([2, 1, 1]).millerMadow).toBeCloseTo(1.5 + 2 / 8 / Math.LN2, 12);
    // G(1) = -γ - ln 2, G(2) = 2 + G(1).
    const first = -0.5772156649015329 - Math.LN2;
    const expected = (Math.log(4) - (2 * (first + 2) + 2 * first) / 4) / Math.LN2;
    expect(entropyEstimates([2, 1, 1]).grassberger).toBeCloseTo(expected, 10);
    expect(entropyOf([9], 'chao-shen')).toBeCloseTo(0, 12);
    expect(entropyOf([])).toBeNaN();
  });

  it('agrees with the coverage formula written out', () => {
    const [n, coverage] = [4, 1 - 2 / 4];
    const term = (count: number) => {
      const share = (coverage * count) / n;
      return (-share * Math.log2(share)) / (1 - (1 - share) ** n);
    };
    expect(entropyOf([2, 1, 1], 'chao-shen')).toBeCloseTo(term(2) + 2 * term(1), 12);
  });

  it('is less biased the better the estimator', () => {
    const random = mulberry32(7);
    const codes = 256;
    const errors = { 'plug-in': 0, 'miller-madow': 0, grassberger: 0, 'chao-shen': 0 };
    for (let run = 0; run < 20; run += 1) {
      const counts = new Float64Array(codes);
      for (const id of random.integers(0, codes, 400)) counts[id]! += 1;
      for (const name of ['plug-in', 'miller-madow', 'grassberger', 'chao-shen'] as const) {
        errors[name] += (entropyOf(counts, name) - 8) / 20;
      }
    }
    expect(errors['plug-in']).toBeLessThan(-0.3);
    expect(Math.abs(errors['miller-madow'])).toBeLessThan(Math.abs(errors['plug-in']) / 2);
    expect(Math.abs(errors.grassberger)).toBeLessThan(Math.abs(errors['miller-madow']));
    expect(Math.abs(errors['chao-shen'])).toBeLessThan(Math.abs(errors['plug-in']) / 2);
  });

  it('refuses what cannot be counts', () => {
    expect(() => entropyEstimates([1.5])).toThrow('counts: expected whole numbers of at least 0, got 1.5');
    expect(() => entropyEstimates([-1])).toThrow('counts');
  });
});

describe('special functions', () => {
  it('have their known values', () => {
    expect(digamma(1)).toBeCloseTo(-0.5772156649015329, 12);
    expect(digamma(0.5)).toBeCloseTo(-0.5772156649015329 - 2 * Math.LN2, 12);
    expect(hurwitzZeta(2, 1)).toBeCloseTo(Math.PI ** 2 / 6, 12);
    expect(hurwitzZeta(4, 1)).toBeCloseTo(Math.PI ** 4 / 90, 12);
    expect(hurwitzZeta(2, 3)).toBeCloseTo(Math.PI ** 2 / 6 - 1.25, 12);
    expect(hurwitzZeta(1.05, 1)).toBeCloseTo(20.580844302036994, 9);
  });
});
