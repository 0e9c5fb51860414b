import { describe, expect, it } from 'vitest';
import { InputError } from '../errors/input-error';
import { mulberry32 } from '../random/mulberry32';
import { featureAccumulator, featureStatistics, frechetDistance } from './frechet';
import { symmetricEigen } from './symmetric-eigen';

const diagonal = (values: readonly number[]): Float64Array => {
  const out = new Float64Array(values.length ** 2);
  for (const [index, value] of values.entries()) {
    out[index * values.length + index] = value;
  }
  return out;
};

describe('frechetDistance', () => {
  it('of Gaussians with diagonal covariances is exact', () => {
    const a = { count: 10, mean: Float64Array.of(0, 1, 2), covariance: diagonal([1, 4, 9]) };
    const b = { count: 12, mean: Float64Array.of(3, 1, -2), covariance: diagonal([4, 4, 0]) };
    const { value, protocol } = frechetDistance(a, b);
    expect(value).toBeCloseTo(9 + 16 + (1 - 2) ** 2 + 0 + 9, 10);
    expect(protocol).toEqual({ metric: 'frechet', covariance: 'sample', counts: [10, 12], dim: 3 });
  });

  it('of a set to itself is 0, also with fewer vectors than dims', () => {
    const statistics = featureStatistics(mulberry32(1).normal(5 * 12), 12);
    expect(frechetDistance(statistics, statistics).value).toBeCloseTo(0, 6);
  });

  it('of matrices that do not commute is the known value', () => {
    // Root of [[2, 1], [1, 2]] times [[1, 0], [0, 3]]: trace of the root of a 2 x 2 matrix M is √(tr M + 2 √det M).
    const a = { count: 2, mean: new Float64Array(2), covariance: Float64Array.of(2, 1, 1, 2) };
    const b = { count: 2, mean: new Float64Array(2), covariance: diagonal([1, 3]) };
    expect(frechetDistance(a, b).value).toBeCloseTo(8 - 2 * Math.sqrt(8 + 2 * Math.sqrt(9)), 10);
  });

  it('refuses statistics of other dims', () => {
    const a = featureStatistics(Float64Array.of(1, 2, 3, 4), 2);
    expect(() => frechetDistance(a, { ...a, covariance: new Float64Array(9) })).toThrow(InputError);
    expect(() => frechetDistance({ ...a, covariance: new Float64Array(4).fill(Number.NaN) }, a)).toThrow(InputError);
  });
});

describe('featureAccumulator', () => {
  it('gives the same statistics however the vectors come', () => {
    const features = mulberry32(2)
      .normal(40 * 3)
      .map((value) => 1000 + value);
    const whole = featureStatistics(features, 3);
    const [a, b, c] = [featureAccumulator(3), featureAccumulator(3), featureAccumulator(3)];
    a.add(features.subarray(0, 30));
    b.add(features.subarray(30, 33));
    b.add(features.subarray(33));
    c.merge(b);
    c.merge(a);
    c.merge(featureAccumulator(3));
    const merged = c.statistics();
    expect(merged.count).toBe(40);
    for (const name of ['mean', 'covariance'] as const) {
      for (const [index, value] of merged[name].entries()) {
        expect(value).toBeCloseTo(whole[name][index]!, 8);
      }
    }
  });

  it('divides by n - 1', () => {
    const { mean, covariance } = featureStatistics(Float64Array.of(1, 10, 3, 14), 2);
    expect(mean).toEqual(Float64Array.of(2, 12));
    expect(covariance).toEqual(Float64Array.of(2, 4, 4, 8));
  });

  it('refuses bad input', () => {
    expect(() => featureAccumulator(0)).toThrow(InputError);
    expect(() => featureAccumulator(2).add(Float64Array.of(1))).toThrow(InputError);
    expect(() => featureAccumulator(1).add(Float64Array.of(Number.NaN))).toThrow(InputError);
    expect(() => featureStatistics(Float64Array.of(1), 1)).toThrow('at least 2');
    expect(() => featureAccumulator(2).merge(featureAccumulator(3))).toThrow(InputError);
  });
});

describe('symmetricEigen', () => {
  it.each([1, 2, 3, 10, 40])('rebuilds a random matrix of %d rows', (n) => {
    const half = mulberry32(n).normal(n * n);
    const matrix = Float64Array.from(
      { length: n * n },
      (_, index) => half[index]! + half[(index % n) * n + Math.floor(index / n)]!,
    );
    const { values, vectors } = symmetricEigen(matrix, n, true);
    for (let i = 0; i < n; i += 1) {
      for (let j = 0; j < n; j += 1) {
        let [rebuilt, dot] = [0, 0];
        for (let k = 0; k < n; k += 1) {
          rebuilt += values[k]! * vectors![k * n + i]! * vectors![k * n + j]!;
          dot += vectors![i * n + k]! * vectors![j * n + k]!;
        }
        expect(rebuilt).toBeCloseTo(matrix[i * n + j]!, 9);
        expect(dot).toBeCloseTo(i === j ? 1 : 0, 9);
      }
    }
    expect([...symmetricEigen(matrix, n, false).values].sort()).toEqual([...values].sort());
  });

  it('finds repeated and zero eigenvalues', () => {
    const ones = new Float64Array(25).fill(1);
    const values = [...symmetricEigen(ones, 5, true).values].sort((a, b) => a - b);
    for (const [index, value] of values.entries()) {
      expect(value).toBeCloseTo(index === 4 ? 5 : 0, 12);
    }
    expect([...symmetricEigen(new Float64Array(9), 3, true).values]).toEqual([0, 0, 0]);
  });
});
