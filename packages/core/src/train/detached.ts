import * as tf from '@tensorflow/tfjs-core';

/**
 * Runs a function without recording it: decisions (argmin, thresholds) have no gradient, and searches would keep all
 * their scores for one.
 *
 * @returns What `compute` gives, without a gradient to any input.
 */
export function detached(inputs: readonly tf.Tensor[], compute: (...inputs: tf.Tensor[]) => tf.Tensor): tf.Tensor {
  const shapes = inputs.map((input) => [...input.shape]);
  return tf.customGrad((...given) => ({
    value: compute(...(given.slice(0, inputs.length) as tf.Tensor[])),
    gradFunc: () => shapes.map((shape) => tf.zeros(shape)),
  }))(...inputs);
}

/**
 * Rows of a table with a gradient to the table, and none through the ids: those come from a search of vectors that have
 * gradients of their own.
 *
 * @param table - `[K, D]`.
 * @param ids - `[...]`, int32 in `0..K-1`.
 * @returns `[..., D]`.
 */
export function lookupRows(table: tf.Tensor2D, ids: tf.Tensor): tf.Tensor {
  const [count, dim] = table.shape;
  const rows = tf.customGrad((...given) => {
    const [rowsOf, save] = given as unknown as [tf.Tensor2D, tf.GradSaveFunc];
    const flat = tf.reshape(ids, [ids.size]) as tf.Tensor1D;
    save([flat]);
    return {
      value: tf.gather(rowsOf, flat),
      gradFunc: (dy: tf.Tensor, [places]: tf.Tensor[]) => tf.unsortedSegmentSum(dy, places as tf.Tensor1D, count),
    };
  })(table);
  return tf.reshape(rows, [...ids.shape, dim]);
}
