import * as tf from '@tensorflow/tfjs-core';
import type { Tensors } from '../engine/engine';

/**
 * Scales all gradients together so that their norm is at most `limit`.
 *
 * @param limit - Default: they are left as they are.
 * @returns `norm`: the Euclidean norm over all gradients before clipping, a scalar.
 */
export function clipGradients(
  gradients: Tensors,
  limit?: number,
): { readonly gradients: Tensors; readonly norm: tf.Tensor } {
  const squares = Object.values(gradients).map((gradient) => tf.sum(tf.square(gradient)));
  const norm = tf.sqrt(tf.sum(tf.stack(squares)));
  if (limit === undefined) return { gradients, norm };
  const factor = tf.minimum(1, tf.div(limit, tf.add(norm, 1e-6)));
  const clipped = Object.entries(gradients).map(([name, gradient]) => [name, tf.mul(gradient, factor)] as const);
  return { gradients: Object.fromEntries(clipped), norm };
}
