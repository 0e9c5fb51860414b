import * as tf from '@tensorflow/tfjs-core';
import { ShapeError } from '../../errors/shape-error';
import type { CodebookMetric } from '../../quantize/codebook-scores';
import { detached, lookupRows } from '../detached';
import { straightThrough } from '../straight-through';

export { type CodebookMetric, ownCodebookScores, prepareRows } from '../../quantize/codebook-scores';

/** A search in several codebooks at once. */
export type CodebookSearch = {
  /** `[H, M]`, int32; the first index wins ties. */
  readonly ids: tf.Tensor2D;
  /** `[H, M, K]`, the larger the nearer: minus the distance, or the cosine where both sides have length 1. */
  readonly scores: tf.Tensor3D;
};

/**
 * Minus the Euclidean distance of every vector to every code, `-sqrt(max(|z|² + |e|² - 2 z·e, 1e-8))`.
 *
 * The form of vector-quantize-pytorch: the clamp gives all codes that are nearer than 1e-4 the same score, and then the
 * first one wins.
 *
 * @param rows - `[H, M, D]`.
 * @param codes - `[H, K, D]`; `gradientCodes` as for {@link codebookScores}.
 * @returns `[H, M, K]`.
 */
export function euclideanScores(rows: tf.Tensor3D, codes: tf.Tensor3D, gradientCodes = codes): tf.Tensor3D {
  return tf.tidy(() => {
    const rowNorms = tf.sum(tf.square(rows), 2, true);
    const codeNorms = byBoth(codes, gradientCodes, (each) => tf.expandDims(tf.sum(tf.square(each), 2), 1));
    const products = byBoth(codes, gradientCodes, (each) => tf.matMul(rows, each, false, true));
    const squares = tf.add(tf.add(rowNorms, codeNorms), tf.mul(products, -2));
    return tf.neg(tf.sqrt(tf.maximum(squares, 1e-8))) as tf.Tensor3D;
  });
}

/**
 * Compares the vectors of each head with the codebook of that head (vector-quantize-pytorch, `Codebook.forward`).
 *
 * @param rows - `[H, M, D]`, float32, prepared by {@link prepareRows}.
 * @param codes - `[H, K, D]`. A cosine codebook is compared as it is: training keeps its rows at length 1.
 * @param gradientCodes - The codes that the gradient sees, where they moved in place before the backward pass. Default:
 *   `codes`.
 * @returns `[H, M, K]`.
 * @throws {ShapeError} Where heads or widths differ.
 */
export function codebookScores(
  rows: tf.Tensor3D,
  codes: tf.Tensor3D,
  metric: CodebookMetric,
  gradientCodes = codes,
): tf.Tensor3D {
  const [heads, , dim] = codes.shape;
  if (rows.shape[0] !== heads || rows.shape[2] !== dim) {
    throw new ShapeError('codebook search: rows', `[${heads}, M, ${dim}]`, rows.shape);
  }
  if (metric === 'euclidean') return euclideanScores(rows, codes, gradientCodes);
  return byBoth(codes, gradientCodes, (each) => tf.matMul(rows, each, false, true)) as tf.Tensor3D;
}

/** The value for `codes` with the gradient for `gradientCodes`. */
export function byBoth(
  codes: tf.Tensor3D,
  gradientCodes: tf.Tensor3D,
  compute: (codes: tf.Tensor3D) => tf.Tensor,
): tf.Tensor {
  return codes === gradientCodes ? compute(codes) : straightThrough(compute(gradientCodes), () => compute(codes));
}

/** The nearest code of every vector, {@link codebookScores} with the best index of each row. */
export function searchCodebooks(rows: tf.Tensor3D, codes: tf.Tensor3D, metric: CodebookMetric): CodebookSearch {
  return tf.tidy(() => {
    const scores = codebookScores(rows, codes, metric);
    return { scores, ids: detached([scores], (all) => tf.argMax(all!, 2)) as tf.Tensor2D };
  });
}

/**
 * Rows of stacked codebooks, with a gradient to them: ids of head h look into codebook h.
 *
 * @param codes - `[H, K, D]`.
 * @param ids - `[H, ...]`, int32 in `0..K-1`.
 * @returns `[H, ..., D]`.
 */
export function lookupCodebooks(codes: tf.Tensor3D, ids: tf.Tensor): tf.Tensor {
  return tf.tidy(() => {
    const [heads, count, dim] = codes.shape;
    const others = ids.shape.slice(1).map(() => 1);
    const firstRows = tf.reshape(tf.range(0, heads * count, count, 'int32'), [heads, ...others]);
    return lookupRows(tf.reshape(codes, [heads * count, dim]), tf.add(ids, firstRows));
  });
}
