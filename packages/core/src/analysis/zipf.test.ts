import { describe, expect, it } from 'vitest';
import { mulberry32 } from '../random/mulberry32';
import { fitMandelbrot } from './mandelbrot';
import { fitSpectrum } from './power-law';
import { logLogFit, rankFrequency, zipfFit } from './zipf';

/** Counts of `tokens` draws with probabilities in proportion to the weights. */
function draw(weights: readonly number[], tokens: number, seed: number): Float64Array {
  const total = weights.reduce((sum, weight) => sum + weight, 0);
  const ends: number[] = [];
  weights.reduce((sum, weight) => {
    ends.push((sum + weight) / total);
    return sum + weight;
  }, 0);
  const counts = new Float64Array(weights.length);
  for (const place of mulberry32(seed).uniform(tokens)) {
    let [low, high] = [0, weights.length - 1];
    while (low < high) {
      const middle = (low + high) >> 1;
      if (ends[middle]! <= place) low = middle + 1;
      else high = middle;
    }
    counts[low]! += 1;
  }
  return counts;
}

const powers = (length: number, exponent: number, offset = 0) =>
  Array.from({ length }, (_, index) => (index + 1 + offset) ** -exponent);

describe('zipfFit', () => {
  it.each([0.6, 1, 1.4])('recovers the exponent %s', (exponent) => {
    const fit = zipfFit(draw(powers(500, exponent), 400_000, 11));
    expect(Math.abs(fit.maximumLikelihood.exponent - exponent)).toBeLessThan(0.01);
    expect(Math.abs(fit.leastSquares.exponent - exponent)).toBeLessThan(0.05);
    expect(fit.leastSquares.r2).toBeGreaterThan(0.98);
    expect(fit.mandelbrot.logLikelihood).toBeGreaterThanOrEqual(
      fitMandelbrot(rankFrequency(draw(powers(500, exponent), 400_000, 11)), { offset: 0 }).logLikelihood,
    );
  });

  it('is exact for exact frequencies', () => {
    const counts = [3600, 1800, 1200, 900, 720, 600];
    const fit = zipfFit(counts);
    expect(fit.leastSquares.exponent).toBeCloseTo(1, 12);
    expect(fit.leastSquares.r2).toBeCloseTo(1, 12);
    expect(fit.maximumLikelihood.exponent).toBeCloseTo(1, 9);
    expect(fit.mandelbrot.offset).toBeCloseTo(0, 2);
  });

  it('recovers an offset', () => {
    const { exponent, offset } = zipfFit(draw(powers(1000, 1.3, 12), 2_000_000, 5)).mandelbrot;
    expect(Math.abs(exponent - 1.3)).toBeLessThan(0.03);
    expect(Math.abs(offset - 12)).toBeLessThan(1);
  });

  it('finds no law where there is none', () => {
    expect(zipfFit([4, 4, 4]).leastSquares.exponent).toBeCloseTo(0, 12);
    expect(zipfFit([4, 4, 4]).maximumLikelihood.exponent).toBeCloseTo(0, 9);
    expect(zipfFit([5]).leastSquares.exponent).toBeNaN();
    expect(zipfFit([]).maximumLikelihood.exponent).toBeNaN();
    expect(() => zipfFit([0.5])).toThrow('counts: expected whole numbers of at least 0, got 0.5');
  });
});

describe('fitSpectrum', () => {
  it('finds from where on the law holds', () => {
    const values: number[] = [];
    for (const [index, times] of draw(
      powers(10_000, 2.5).map((weight, at) => (at < 4 ? 5 ** -2.5 : weight)),
      40_000,
      3,
    ).entries()) {
      for (let time = 0; time < times; time += 1) values.push(index + 1);
    }
    const ranked = rankFrequency(values);
    const fit = fitSpectrum(ranked);
    expect(fit.lowest).toBeGreaterThanOrEqual(4);
    expect(fit.lowest).toBeLessThan(12);
    expect(Math.abs(fit.alpha - 2.5)).toBeLessThan(0.1);
    expect(fit.zipfExponent).toBeCloseTo(1 / (fit.alpha - 1), 12);
    expect(Math.abs(fitSpectrum(ranked, { lowest: 5 }).alpha - 2.5)).toBeLessThan(0.05);
  });
});

describe('logLogFit', () => {
  it('gives the power and scale of a power', () => {
    const x = Float64Array.of(1, 2, 3, 10);
    const fit = logLogFit(
      x,
      x.map((value) => 3 * value ** 0.7),
    );
    expect(fit.slope).toBeCloseTo(0.7, 12);
    expect(fit.scale).toBeCloseTo(3, 12);
  });
});
