import * as tf from '@tensorflow/tfjs-core';
import { InputError } from '@tesserae/core';

export interface PooledVectors {
  /** `[B, ⌈N / factor⌉, width]`; zeros where nothing counts. */
  readonly vectors: tf.Tensor3D;
  /** `[B, ⌈N / factor⌉]`, 1 where something counts. */
  readonly mask: tf.Tensor2D;
}

/**
 * Means of so many neighboring vectors, of which only those in the mask count: scales embeddings down as Extensible
 * Tokenization does (arXiv 2401.07793); its trained module is not published.
 *
 * @param x - `[B, N, width]`, float32.
 * @param mask - `[B, N]`, 1 for what counts.
 * @param factor - Vectors that become one, at least 1.
 * @throws {InputError} A factor that is no positive integer.
 */
export function poolEvery(x: tf.Tensor3D, mask: tf.Tensor2D, factor: number): PooledVectors {
  if (!Number.isInteger(factor) || factor < 1) throw new InputError('factor', 'at least 1', String(factor));
  const [batch, length, width] = x.shape;
  const groups = Math.ceil(length / factor);
  const fill = groups * factor - length;
  return tf.tidy(() => {
    const weights = tf.reshape(
      tf.pad(mask, [
        [0, 0],
        [0, fill],
      ]),
      [batch, groups, factor, 1],
    );
    const grouped = tf.reshape(
      tf.pad(x, [
        [0, 0],
        [0, fill],
        [0, 0],
      ]),
      [batch, groups, factor, width],
    );
    const counts = tf.sum(weights, 2);
    const sums = tf.sum(tf.mul(grouped, weights), 2);
    return {
      vectors: tf.div(sums, tf.maximum(counts, 1)) as tf.Tensor3D,
      mask: tf.reshape(tf.minimum(counts, 1), [batch, groups]) as tf.Tensor2D,
    };
  });
}
