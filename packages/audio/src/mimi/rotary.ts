import * as tf from '@tensorflow/tfjs-core';

/** Cosines and sines of positions, `[T, width / 2]` each. */
export interface Rotation {
  readonly cosines: tf.Tensor2D;
  readonly sines: tf.Tensor2D;
}

/**
 * Angles of some steps (RoFormer, arXiv 2104.09864), in float32 as `moshi.modules.rope` computes them.
 *
 * @param steps - Number of them, one after the other.
 * @param width - Of a head; even.
 * @param maximumPeriod - Longest wave, in steps over 2π.
 * @param before - Steps before the first one, `[1]`, float32; default 0.
 */
export function rotation(steps: number, width: number, maximumPeriod: number, before?: tf.Tensor1D): Rotation {
  const exponent = Math.fround((-Math.log(maximumPeriod) * 2) / width);
  const frequencies = Float32Array.from({ length: width / 2 }, (_, pair) => Math.exp(Math.fround(pair * exponent)));
  const positions = tf.tensor2d(
    Float32Array.from({ length: steps }, (_, step) => step),
    [steps, 1],
  );
  const at: tf.Tensor2D = before ? tf.add(positions, before) : positions;
  const angles: tf.Tensor2D = tf.mul(at, tf.tensor2d(frequencies, [1, width / 2]));
  return { cosines: tf.cos(angles), sines: tf.sin(angles) };
}

/**
 * Neighboring channels of each head, turned together by the angle of their step.
 *
 * @param x - `[B, heads, T, width]`.
 */
export function rotate(x: tf.Tensor4D, { cosines, sines }: Rotation): tf.Tensor4D {
  const [batch, heads, steps, width] = x.shape;
  const pairs = tf.reshape(x, [batch, heads, steps, width / 2, 2]);
  const [even, odd] = tf.unstack(pairs, 4) as [tf.Tensor4D, tf.Tensor4D];
  const turned = [tf.sub(tf.mul(even, cosines), tf.mul(odd, sines)), tf.add(tf.mul(even, sines), tf.mul(odd, cosines))];
  return tf.reshape(tf.stack(turned, 4), x.shape);
}
