import * as tf from '@tensorflow/tfjs-core';
import { detached, lookupRows } from '../detached';
import { stopGradient } from '../losses';

/**
 * Rows of a table that ids name, with gradients to the table, and to the probabilities as if they had mixed all rows:
 * `(onehot + p - sg(p)) · table` of index backpropagation and hard Gumbel-softmax.
 *
 * @param probabilities - `[N, K]`, with a gradient.
 * @param ids - `[N]`, int32.
 * @param table - `[K, D]`.
 * @returns `[N, D]`.
 */
export function chooseRows(probabilities: tf.Tensor2D, ids: tf.Tensor1D, table: tf.Tensor2D): tf.Tensor2D {
  const mixed = tf.matMul(probabilities, stopGradient(table) as tf.Tensor2D);
  return tf.add(lookupRows(table, ids), tf.sub(mixed, stopGradient(mixed))) as tf.Tensor2D;
}

/** Place of the largest of each row of `[N, K]`, int32, without a gradient; the first wins ties. */
export function largestOf(scores: tf.Tensor2D): tf.Tensor1D {
  return detached([scores], (values) => tf.argMax(values!, 1)) as tf.Tensor1D;
}
