import { InputError } from '../errors/input-error';
import type { MetricResult } from './metric-result';
import { symmetricEigen } from './symmetric-eigen';

/** Mean and covariance of a set of feature vectors. */
export interface FeatureStatistics {
  /** Feature vectors that were counted; at least 2. */
  readonly count: number;
  /** `[dim]`. */
  readonly mean: Float64Array;
  /** `[dim, dim]`, divided by `count - 1`. */
  readonly covariance: Float64Array;
}

/** Collects feature vectors batch by batch; memory does not grow with their number. */
export interface FeatureAccumulator {
  readonly count: number;
  /** @param features - `[n, dim]`. @throws {InputError} The length is no multiple of dim, or a value is not finite. */
  add(features: Float32Array | Float64Array): void;
  /** Adds what another accumulator of the same dim has collected; the order does not matter. */
  merge(other: FeatureAccumulator): void;
  /** Sums for {@link FeatureAccumulator.merge}: mean `[dim]` and products of deviations `[dim, dim]`. */
  moments(): { readonly count: number; readonly mean: Float64Array; readonly scatter: Float64Array };
  /** @throws {InputError} Fewer than 2 feature vectors. */
  statistics(): FeatureStatistics;
}

/** @param dim - Length of a feature vector. @throws {InputError} No positive integer. */
export function featureAccumulator(dim: number): FeatureAccumulator {
  if (!Number.isInteger(dim) || dim < 1) {
    throw new InputError('dim', 'an integer of at least 1', String(dim));
  }
  let count = 0;
  const mean = new Float64Array(dim);
  const scatter = new Float64Array(dim * dim);
  const before = new Float64Array(dim);
  const after = new Float64Array(dim);

  const addOne = (features: Float32Array | Float64Array, start: number): void => {
    count += 1;
    for (let i = 0; i < dim; i += 1) {
      before[i] = features[start + i]! - mean[i]!;
      mean[i]! += before[i]! / count;
      after[i] = features[start + i]! - mean[i]!;
    }
    for (let i = 0; i < dim; i += 1) {
      for (let j = 0; j <= i; j += 1) {
        scatter[i * dim + j]! += before[i]! * after[j]!;
      }
    }
  };
  const moments = (): ReturnType<FeatureAccumulator['moments']> => {
    const full = scatter.slice();
    for (let i = 0; i < dim; i += 1) {
      for (let j = 0; j < i; j += 1) {
        full[j * dim + i] = full[i * dim + j]!;
      }
    }
    return { count, mean: mean.slice(), scatter: full };
  };
  return {
    get count() {
      return count;
    },
    add: (features) => {
      if (features.length % dim !== 0 || !features.every((value) => Number.isFinite(value))) {
        throw new InputError('features', `finite values, a multiple of ${dim}`, `${features.length} values`);
      }
      for (let start = 0; start < features.length; start += dim) {
        addOne(features, start);
      }
    },
    merge: (other) => {
      const theirs = other.moments();
      if (theirs.mean.length !== dim) {
        throw new InputError('other', `features of ${dim} values`, `${theirs.mean.length}`);
      }
      const total = count + theirs.count;
      if (theirs.count === 0) {
        return;
      }
      const weight = (count * theirs.count) / total;
      for (let i = 0; i < dim; i += 1) {
        before[i] = theirs.mean[i]! - mean[i]!;
      }
      for (let i = 0; i < dim; i += 1) {
        for (let j = 0; j <= i; j += 1) {
          scatter[i * dim + j]! += theirs.scatter[i * dim + j]! + weight * before[i]! * before[j]!;
        }
      }
      for (let i = 0; i < dim; i += 1) {
        mean[i]! += (before[i]! * theirs.count) / total;
      }
      count = total;
    },
    moments,
    statistics: () => {
      if (count < 2) {
        throw new InputError('features', 'at least 2 feature vectors', String(count));
      }
      const all = moments();
      return { count, mean: all.mean, covariance: all.scatter.map((value) => value / (count - 1)) };
    },
  };
}

/** Statistics of feature vectors that are at hand. @param features - `[n, dim]`. */
export function featureStatistics(features: Float32Array | Float64Array, dim: number): FeatureStatistics {
  const accumulator = featureAccumulator(dim);
  accumulator.add(features);
  return accumulator.statistics();
}

/**
 * Fréchet distance of two Gaussians, `|μa - μb|² + tr(Σa + Σb - 2 (Σa Σb)^½)`: FID where the features are
 * Inception's. The trace of the root is the sum of the roots of the eigenvalues of `Σa^½ Σb Σa^½`, which is symmetric
 * and exists for singular covariances too.
 *
 * @throws {InputError} The statistics are of different dims, or not finite.
 */
export function frechetDistance(a: FeatureStatistics, b: FeatureStatistics): MetricResult {
  const dim = a.mean.length;
  for (const [name, { mean, covariance }] of Object.entries({ a, b })) {
    if (mean.length !== dim || covariance.length !== dim * dim) {
      throw new InputError(
        name,
        `a mean of ${dim} and a covariance of ${dim * dim} values`,
        `${mean.length} and ${covariance.length}`,
      );
    }
  }
  let distance = 0;
  for (let i = 0; i < dim; i += 1) {
    distance += (a.mean[i]! - b.mean[i]!) ** 2 + a.covariance[i * dim + i]! + b.covariance[i * dim + i]!;
  }
  const value = distance - 2 * traceOfRoot(a.covariance, b.covariance, dim);
  return { value, protocol: { metric: 'frechet', covariance: 'sample', counts: [a.count, b.count], dim } };
}

function traceOfRoot(a: Float64Array, b: Float64Array, dim: number): number {
  const { values, vectors } = symmetricEigen(a, dim, true);
  // Rows √λ v: with R the matrix of these rows, R b Rᵀ has the eigenvalues of √a b √a.
  const root = vectors!.map((value, index) => value * Math.sqrt(Math.max(0, values[Math.floor(index / dim)]!)));
  const product = timesTransposed(timesTransposed(root, b, dim), root, dim);
  const eigenvalues = symmetricEigen(product, dim, false).values;
  return eigenvalues.reduce((sum, value) => sum + Math.sqrt(Math.max(0, value)), 0);
}

/** `x yᵀ` of square matrices, row by row so that memory is read in order. */
function timesTransposed(x: Float64Array, y: Float64Array, dim: number): Float64Array {
  const out = new Float64Array(dim * dim);
  for (let i = 0; i < dim; i += 1) {
    for (let j = 0; j < dim; j += 1) {
      let sum = 0;
      for (let k = 0; k < dim; k += 1) {
        sum += x[i * dim + k]! * y[j * dim + k]!;
      }
      out[i * dim + j] = sum;
    }
  }
  return out;
}
