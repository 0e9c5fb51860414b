import { describe, expect, it } from 'vitest';
import { argMax, logSoftmax, logSumExp, softmax } from './softmax';

describe('logSumExp', () => {
  it('does not overflow', () => {
    expect(logSumExp([1000, 1000])).toBeCloseTo(1000 + Math.LN2, 10);
    expect(logSumExp([-1000, -1000])).toBeCloseTo(-1000 + Math.LN2, 10);
  });

  it('is minus infinity for nothing', () => {
    expect(logSumExp([])).toBe(-Infinity);
    expect(logSumExp([-Infinity, -Infinity])).toBe(-Infinity);
  });
});

describe('softmax', () => {
  it('sums to one at every temperature', () => {
    for (const temperature of [0.1, 1, 7]) {
      const probabilities = softmax([1, 2, 30], temperature);
      expect(probabilities.reduce((sum, value) => sum + value, 0)).toBeCloseTo(1, 12);
    }
  });

  it('is the exponential of the log-probabilities', () => {
    const logits = [0.5, -2, 3];
    expect([...softmax(logits)]).toEqual([...logSoftmax(logits)].map((value) => expect.closeTo(Math.exp(value), 12)));
  });
});

describe('argMax', () => {
  it('takes the first of equals', () => {
    expect(argMax([1, 3, 3])).toBe(1);
    expect(argMax([])).toBe(-1);
  });
});
