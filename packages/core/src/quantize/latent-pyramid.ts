import * as tf from '@tensorflow/tfjs-core';
import { ShapeError } from '../errors/shape-error';
import { resampleMap, type ScaleResampling } from './resample-scales';
import { joinScales, type Scales, splitScales } from './residual-scales';

/**
 * Sizes of a pyramid whose scales halve, coarse to fine: 16 x 16 gives 1, 2, 4, 8 and 16 (FlowAR).
 *
 * @param levels - Number of scales. Default: down to one row or column.
 * @throws {ShapeError} Where a side cannot be halved so often.
 */
export function halvingScales(height: number, width: number, levels?: number): Scales {
  const count = levels ?? 1 + Math.floor(Math.log2(Math.min(height, width)));
  const factor = 2 ** (count - 1);
  if (!(count >= 1) || height % factor !== 0 || width % factor !== 0) {
    throw new ShapeError(`pyramid of ${count} scales: map`, `sides divisible by ${factor}`, [height, width]);
  }
  return Array.from({ length: count }, (_, level) => [
    height / 2 ** (count - 1 - level),
    width / 2 ** (count - 1 - level),
  ]);
}

/**
 * A continuous latent at several scales (FlowAR, arXiv 2412.15205): no residuals and no codes, each scale is a smaller
 * copy of the latent.
 *
 * @param latent - `[B, H, W, C]`, float32.
 * @param scales - Coarse to fine, the last one usually the size of the latent.
 * @param method - Default `area`, the mean.
 * @returns `[B, h, w, C]` for every scale.
 */
export function latentPyramid(
  latent: tf.Tensor4D,
  scales: Scales,
  method: ScaleResampling = 'area',
): readonly tf.Tensor4D[] {
  return scales.map((size) => tf.clone(resampleMap(latent, size, method)));
}

/** A pyramid as one sequence, coarse to fine and row by row: `[B, h, w, C]` each to `[B, Σ h·w, C]`. */
export function pyramidSequence(pyramid: readonly tf.Tensor4D[]): tf.Tensor3D {
  return tf.tidy(() => {
    const { shape } = pyramid[0]!;
    const channels = shape[3];
    const flat = joinScales(pyramid);
    return tf.reshape(flat, [shape[0], flat.shape[1] / channels, channels]);
  });
}

/**
 * The inverse of {@link pyramidSequence}, for all scales or for the first ones.
 *
 * @param sequence - `[B, L, C]`.
 * @throws {ShapeError} When L ends within a scale.
 */
export function splitPyramid(sequence: tf.Tensor3D, scales: Scales): readonly tf.Tensor4D[] {
  const [batch, length, channels] = sequence.shape;
  const wide = scales.map(([height, width]) => [height, width * channels] as const);
  return tf.tidy((): tf.Tensor4D[] =>
    splitScales(tf.reshape(sequence, [batch, length * channels]), wide).map(
      (map, scale) => tf.reshape(map, [batch, ...scales[scale]!, channels]) as tf.Tensor4D,
    ),
  );
}

/**
 * Vectors that a model predicts together (xAR, arXiv 2502.20388), as a sequence of groups; pure reshapes.
 *
 * - `cell`: neighbors, `side` x `side` squares row by row.
 * - `subsample`: vectors that are `H / side` rows and `W / side` columns apart.
 *
 * @param latent - `[B, H, W, C]`, H and W divisible by `side`.
 * @returns `[B, H / side · W / side, side², C]`.
 * @throws {ShapeError} Sides that are not divisible.
 */
export function groupLatent(latent: tf.Tensor4D, side: number, kind: 'cell' | 'subsample'): tf.Tensor4D {
  const [batch, height, width, channels] = latent.shape;
  const [rows, columns] = gridOf(height, width, side);
  return tf.tidy(() => {
    const split = kind === 'cell' ? [rows, side, columns, side] : [side, rows, side, columns];
    const parts = tf.reshape(latent, [batch, ...split, channels]);
    const order = kind === 'cell' ? [0, 1, 3, 2, 4, 5] : [0, 2, 4, 1, 3, 5];
    return tf.reshape(tf.transpose(parts, order), [batch, rows * columns, side * side, channels]);
  });
}

/**
 * The inverse of {@link groupLatent}.
 *
 * @param groups - `[B, H / side · W / side, side², C]`.
 * @returns `[B, height, width, C]`.
 * @throws {ShapeError} Sides that are not divisible.
 */
export function ungroupLatent(
  groups: tf.Tensor4D,
  [height, width]: readonly [number, number],
  side: number,
  kind: 'cell' | 'subsample',
): tf.Tensor4D {
  const [batch, , , channels] = groups.shape;
  const [rows, columns] = gridOf(height, width, side);
  return tf.tidy(() => {
    const parts = tf.reshape(groups, [batch, rows, columns, side, side, channels]);
    const order = kind === 'cell' ? [0, 1, 3, 2, 4, 5] : [0, 3, 1, 4, 2, 5];
    return tf.reshape(tf.transpose(parts, order), [batch, height, width, channels]);
  });
}

function gridOf(height: number, width: number, side: number): readonly [number, number] {
  if (height % side !== 0 || width % side !== 0) {
    throw new ShapeError('groups of a latent: map', `sides divisible by ${side}`, [height, width]);
  }
  return [height / side, width / side];
}
