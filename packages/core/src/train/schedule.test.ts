import { describe, expect, it } from 'vitest';
import { cosineRate } from './schedule';

describe('cosineRate', () => {
  const schedule = { rate: 2e-3, warmup: 10, steps: 110 };

  it('grows linearly, starts the cosine at the top and ends at one hundredth', () => {
    expect(cosineRate(schedule, 0)).toBeCloseTo(2e-4, 12);
    expect(cosineRate(schedule, 9)).toBeCloseTo(2e-3, 12);
    expect(cosineRate(schedule, 10)).toBeCloseTo(2e-3, 12);
    expect(cosineRate(schedule, 60)).toBeCloseTo(2e-3 * (0.01 + 0.99 / 2), 12);
    expect(cosineRate(schedule, 110)).toBeCloseTo(2e-5, 12);
  });

  it('never rises after the warm-up and stays at the end', () => {
    for (let step = 10; step < 130; step += 1) {
      expect(cosineRate(schedule, step + 1)).toBeLessThanOrEqual(cosineRate(schedule, step));
    }
    expect(cosineRate(schedule, 1000)).toBeCloseTo(2e-5, 12);
  });

  it('works without warm-up', () => {
    expect(cosineRate({ rate: 1, warmup: 0, steps: 1, final: 0.5 }, 0)).toBe(1);
  });
});
