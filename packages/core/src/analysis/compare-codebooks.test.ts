import { describe, expect, it } from 'vitest';
import { InputError } from '../errors/input-error';
import { ShapeError } from '../errors/shape-error';
import { mulberry32 } from '../random/mulberry32';
import { cosineHistogram, effectiveRank, nearestCodeHistogram } from './codebook-geometry';
import type { CodebookMatrix } from './codebook-matrix';
import { codebookNeighbors } from './codebook-neighbors';
import { alignCodebooks, compareCodebooks, mutualNearest, neighborOverlap } from './compare-codebooks';

const noise = (size: number, dim: number, seed: number): CodebookMatrix => ({
  codes: mulberry32(seed).normal(size * dim),
  dim,
});

/** `a W + offset`. */
function mapped(a: CodebookMatrix, matrix: readonly number[], offset: readonly number[]): CodebookMatrix {
  const dim = offset.length;
  const size = a.codes.length / a.dim;
  const codes = Float64Array.from({ length: size * dim }, (_, at) => {
    const [row, column] = [Math.floor(at / dim), at % dim];
    let sum = offset[column]!;
    for (let k = 0; k < a.dim; k += 1) sum += a.codes[row * a.dim + k]! * matrix[k * dim + column]!;
    return sum;
  });
  return { codes, dim };
}

describe('effectiveRank', () => {
  it('counts directions', () => {
    const axes = { codes: Float64Array.of(1, 0, 0, 0, 1, 0, 0, 0, 1), dim: 3 };
    expect(effectiveRank(axes).value).toBeCloseTo(3, 12);
    expect(effectiveRank({ codes: Float64Array.of(1, 2, 2, 4, 3, 6), dim: 2 }).value).toBeCloseTo(1, 6);
    // Singular values 3 and 1: entropy of (3/4, 1/4).
    const entropy = -(0.75 * Math.log(0.75) + 0.25 * Math.log(0.25));
    expect(effectiveRank({ codes: Float64Array.of(3, 0, 0, 1), dim: 2 }).value).toBeCloseTo(Math.exp(entropy), 12);
    expect(effectiveRank({ codes: Float64Array.of(2, 2, 2, 2), dim: 2 }, { centered: true }).value).toBe(0);
    expect(effectiveRank(noise(4000, 6, 1)).value).toBeGreaterThan(5.9);
  });
});

describe('cosineHistogram', () => {
  it('counts all pairs, or draws some', () => {
    const codes = Float64Array.of(1, 0, 0, 2, -3, 0, 0, 0);
    const { counts, mean, total } = cosineHistogram({ codes, dim: 2 }, { bins: 4 }).value;
    expect(counts).toEqual([1, 0, 2, 0]);
    expect([mean, total]).toEqual([-1 / 3, 3]);
    const all = cosineHistogram(noise(300, 4, 2)).value;
    const some = cosineHistogram(noise(300, 4, 2), { pairs: 20_000, random: mulberry32(1) }).value;
    expect([all.total, some.total]).toEqual([44_850, 20_000]);
    expect(Math.abs(all.mean - some.mean)).toBeLessThan(0.02);
    expect(() => cosineHistogram(noise(3, 2, 2), { pairs: 5 })).toThrow(InputError);
    expect(() => cosineHistogram(noise(3, 2, 2), { bins: 0 })).toThrow(InputError);
  });
});

describe('codebookNeighbors', () => {
  const line = { codes: Float32Array.of(0, 1, 3, 3.5, 10), dim: 1 };

  it('lists the nearest codes, the smaller id first', () => {
    const { ids, distances } = codebookNeighbors(line, 2);
    expect([...ids]).toEqual([1, 2, 0, 2, 3, 1, 2, 1, 3, 2]);
    expect([...distances.subarray(0, 4)]).toEqual([1, 3, 1, 2]);
    expect([...codebookNeighbors({ codes: Float32Array.of(5, 4, 6), dim: 1 }, 2).ids.subarray(0, 2)]).toEqual([1, 2]);
  });

  it('agrees with sorting', () => {
    const codebook = noise(60, 3, 5);
    const { ids } = codebookNeighbors(codebook, 59, { metric: 'cosine' });
    const cosine = (a: number, b: number) => {
      const [x, y] = [a, b].map((code) => codebook.codes.subarray(3 * code, 3 * code + 3));
      const dot = (u: ArrayLike<number>, w: ArrayLike<number>) => u[0]! * w[0]! + u[1]! * w[1]! + u[2]! * w[2]!;
      return dot(x!, y!) / Math.sqrt(dot(x!, x!) * dot(y!, y!));
    };
    for (let code = 0; code < 60; code += 1) {
      const others = Array.from({ length: 60 }, (_, other) => other).filter((other) => other !== code);
      expect([...ids.subarray(59 * code, 59 * code + 59)]).toEqual(
        others.sort((a, b) => cosine(code, b) - cosine(code, a)),
      );
    }
  });

  it('refuses what is no codebook', () => {
    expect(() => codebookNeighbors(line, 5)).toThrow(InputError);
    expect(() => codebookNeighbors({ codes: Float32Array.of(1, 2, 3), dim: 2 }, 1)).toThrow(ShapeError);
    expect(() => codebookNeighbors({ codes: Float32Array.of(1, Number.NaN), dim: 1 }, 1)).toThrow('finite');
  });

  it('has the distances of the histogram', () => {
    const { counts, mean, high } = nearestCodeHistogram(line, { bins: 2 }).value;
    expect(counts).toEqual([4, 1]);
    expect([mean, high]).toEqual([(1 + 1 + 0.5 + 0.5 + 6.5) / 5, 6.5]);
  });
});

describe('alignCodebooks', () => {
  const a = noise(200, 3, 7);
  const matrix = [1, 2, 0, -1, 3, 0.5];

  it('recovers a linear map', () => {
    const alignment = alignCodebooks(a, mapped(a, matrix, [5, -4]));
    expect(alignment.r2).toBeCloseTo(1, 12);
    alignment.matrix.forEach((value, at) => expect(value).toBeCloseTo(matrix[at]!, 9));
    expect([...alignment.offset].map((value) => Math.round(value * 1e9) / 1e9)).toEqual([5, -4]);
  });

  it('takes the smallest map where codes lie in a plane', () => {
    const flat = mapped(a, [1, 0, 0, 0, 1, 0, 0, 0, 0], [0, 0, 0]);
    const alignment = alignCodebooks(flat, flat);
    expect(alignment.r2).toBeCloseTo(1, 12);
    expect(alignment.matrix[8]).toBeCloseTo(0, 9);
  });

  it('explains nothing of something else, and half of half', () => {
    expect(alignCodebooks(a, noise(200, 3, 8)).r2).toBeLessThan(0.1);
    const [x, y] = [noise(4000, 1, 1), noise(4000, 1, 2)];
    const both = { codes: x.codes.map((value, at) => value + y.codes[at]!), dim: 1 };
    expect(Math.abs(alignCodebooks(x, both).r2 - 0.5)).toBeLessThan(0.05);
    expect(() => alignCodebooks(a, noise(199, 3, 8))).toThrow('b: expected 200 codes, as many as a has, got 199');
  });
});

describe('neighborOverlap', () => {
  it('is 1 for turned and scaled codebooks, and chance for others', () => {
    const a = noise(120, 2, 3);
    expect(neighborOverlap(a, mapped(a, [0, 2, -2, 0], [1, 1])).value).toBe(1);
    expect(neighborOverlap(a, noise(120, 2, 4)).value).toBeLessThan(0.2);
    expect(compareCodebooks(a, a).value).toMatchObject({ overlap: 1, alignment: { forward: 1, backward: 1 } });
  });
});

describe('mutualNearest', () => {
  it('is 1 for the same codes in another order', () => {
    const a = noise(50, 4, 3);
    const order = mulberry32(2).permutation(50);
    const codes = Float32Array.from({ length: 200 }, (_, at) => a.codes[4 * order[Math.floor(at / 4)]! + (at % 4)]!);
    expect(mutualNearest(a, { codes, dim: 4 }).value).toBe(1);
    expect(mutualNearest({ codes: Float32Array.of(0, 1), dim: 1 }, { codes: Float32Array.of(5), dim: 1 }).value).toBe(
      0.5,
    );
    expect(() => mutualNearest(a, noise(50, 2, 3))).toThrow(ShapeError);
  });
});
