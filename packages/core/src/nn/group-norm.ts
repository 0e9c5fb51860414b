import * as tf from '@tensorflow/tfjs-core';
import { composite } from '../engine/traits';
import { ShapeError } from '../errors/shape-error';
import type { NormParams } from './norm';

/**
 * Group normalisation over all spatial axes and the channels of a group, biased variance.
 *
 * @param x - `[N, ...spatial, channels]`, float32.
 * @param groups - Divides the channels; channel c is in group `floor(c / (channels / groups))`.
 * @param epsilon - Added to the variance. Default 1e-6, what the VQGAN family uses (PyTorch's own default is 1e-5).
 * @returns The shape of `x`.
 * @throws {ShapeError} If the channels do not divide into the groups.
 */
export function groupNorm(x: tf.Tensor, params: NormParams, groups = 32, epsilon = 1e-6): tf.Tensor {
  const channels = x.shape.at(-1)!;
  if (channels % groups !== 0) throw new ShapeError('groupNorm: x', `channels divisible by ${groups}`, x.shape);
  const { scale, offset = tf.zerosLike(params.scale) } = params;
  return composite('TessGroupNorm', { x, scale, offset }, { groups, epsilon }, () =>
    tf.tidy(() => {
      const batch = x.shape[0]!;
      const grouped = tf.reshape(x, [batch, -1, groups, channels / groups]);
      const mean = tf.mean(grouped, [1, 3], true);
      const centred = tf.sub(grouped, mean);
      const variance = tf.mean(tf.square(centred), [1, 3], true);
      const normalised = tf.reshape(tf.mul(centred, tf.rsqrt(tf.add(variance, epsilon))), x.shape);
      const scaled = tf.mul(normalised, scale);
      return tf.add(scaled, offset);
    }),
  );
}
