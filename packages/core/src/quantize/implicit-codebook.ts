import * as tf from '@tensorflow/tfjs-core';
import type { WeightMap } from '../checkpoint/weight-map';
import type { Host } from '../checkpoint/weight-recipe';
import { silu } from '../nn/activations';
import { linear, type LinearParams } from '../nn/linear';
import { l2Normalize } from './nearest';

/** Makes the codebook of a layer out of the layers before it (QINCo, arXiv 2401.14732). */
export interface ImplicitCodebookParams {
  /** `[2 D, D]`, of partial sum and code side by side. */
  readonly projectIn: LinearParams;
  /** Residual blocks `x + down(silu(up(x)))`. */
  readonly blocks: readonly { readonly up: LinearParams; readonly down: LinearParams }[];
}

export interface ImplicitCodebookConfig {
  /** Width inside the blocks. Default: that of the codes. */
  readonly hidden: number;
  /** Number of blocks. Default 4. */
  readonly depth: number;
}

export function implicitCodebookWeights(
  map: WeightMap,
  dim: number,
  { hidden, depth }: ImplicitCodebookConfig,
): Host<ImplicitCodebookParams> {
  return {
    projectIn: map.linear('proj_in', 2 * dim, dim),
    blocks: map.list(
      depth,
      (index) => `layers.${index}`,
      (below) => ({ up: below.linear('0', dim, hidden), down: below.linear('2', hidden, dim) }),
    ),
  };
}

/**
 * A codebook for every vector.
 *
 * @param codes - `[K, D]`.
 * @param sums - `[N, D]`: what the layers before gave.
 * @param options.normalize - Codes are scaled to length 1, for cosine codebooks. Default false.
 * @returns `[N, K, D]`.
 */
export function implicitCodes(
  codes: tf.Tensor2D,
  sums: tf.Tensor2D,
  { projectIn, blocks }: ImplicitCodebookParams,
  { normalize = false }: { readonly normalize?: boolean } = {},
): tf.Tensor3D {
  const [count, dim] = codes.shape;
  const [rows] = sums.shape;
  return tf.tidy(() => {
    const conditions = tf.tile(tf.expandDims(sums, 1), [1, count, 1]);
    const own = tf.tile(tf.expandDims(codes, 0), [rows, 1, 1]);
    let x = linear(tf.concat([conditions, own], -1), projectIn);
    for (const { up, down } of blocks) x = tf.add(linear(silu(linear(x, up)), down), x);
    return tf.reshape(normalize ? l2Normalize(x) : x, [rows, count, dim]);
  });
}
