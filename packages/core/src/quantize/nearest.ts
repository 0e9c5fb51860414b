import * as tf from '@tensorflow/tfjs-core';

/** What every search for the nearest code gives. */
export type NearestCodes = {
  /** The leading axes of the vectors, int32. */
  readonly ids: tf.Tensor;
  /** `(d₂ - d₁) / (|z|² + |e|²)`: how far the decision was from another code. Same shape, float32. */
  readonly margins: tf.Tensor;
};

/**
 * The nearest code of every vector by squared distance; the first index wins ties.
 *
 * The distance keeps the official form `|z|² + |e|² - 2 z·e` in float32: other forms decide near-ties otherwise.
 *
 * @param z - `[..., D]`, float32. A vector with NaN or infinity gets some id in range: inputs are checked before they
 *   come here.
 * @param codebook - `[K, D]`.
 */
export function nearest(z: tf.Tensor, codebook: tf.Tensor2D): NearestCodes {
  const [codes, dim] = codebook.shape;
  const leading = z.shape.slice(0, -1);
  return tf.tidy(() => {
    const rows = tf.reshape(z, [-1, dim]) as tf.Tensor2D;
    const rowNorms = tf.sum(tf.square(rows), 1, true);
    const codeNorms = tf.sum(tf.square(codebook), 1);
    const products = tf.matMul(rows, tf.transpose(codebook));
    const distances = tf.sub(tf.add(rowNorms, codeNorms), tf.mul(products, 2));
    const ids = tf.argMin(distances, 1);
    const chosen = tf.equal(tf.expandDims(ids, 1), tf.range(0, codes, 1, 'int32'));
    const best = tf.min(distances, 1);
    const second = tf.min(tf.where(chosen, tf.fill(distances.shape, 3.4e38), distances), 1);
    const chosenNorms = tf.sum(tf.where(chosen, tf.add(rowNorms, codeNorms), tf.zerosLike(distances)), 1);
    const margins = tf.div(tf.sub(second, best), chosenNorms);
    return { ids: tf.reshape(ids, leading), margins: tf.reshape(margins, leading) };
  });
}

/**
 * Rows of a table.
 *
 * @param table - `[K, D]`.
 * @param ids - `[...]`, int32 in `0..K-1`.
 * @returns `[..., D]`.
 */
export function lookup(table: tf.Tensor2D, ids: tf.Tensor): tf.Tensor {
  return tf.tidy(() => {
    const rows = tf.gather(table, tf.reshape(ids, [-1]) as tf.Tensor1D);
    return tf.reshape(rows, [...ids.shape, table.shape[1]]);
  });
}

/** Rows scaled to length 1; shorter ones than 1e-12 are divided by that (`F.normalize`). */
export function l2Normalize(x: tf.Tensor, epsilon = 1e-12): tf.Tensor {
  return tf.tidy(() => tf.div(x, tf.maximum(tf.sqrt(tf.sum(tf.square(x), -1, true)), epsilon)));
}
