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
