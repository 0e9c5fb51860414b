import * as tf from '@tensorflow/tfjs-core';

/** A ring of zeros: id 0 counts as used until it is full, as in LlamaGen (65,536 ids) and TokenFlow (131,072). */
export function usageRing(length: number): tf.Tensor1D {
  return tf.zeros([length], 'int32');
}

/**
 * The ring with the ids of one more batch, the oldest fallen out.
 *
 * @param ring - `[M]`, int32; not disposed.
 * @param ids - `[...]`, int32. Of more than M ids the last M stay.
 */
export function updateUsageRing(ring: tf.Tensor1D, ids: tf.Tensor): tf.Tensor1D {
  return tf.tidy(() => {
    const joined = tf.concat([ring, tf.reshape(ids, [-1]) as tf.Tensor1D]);
    return tf.slice(joined, [joined.size - ring.size], [ring.size]);
  });
}

/** Share of the codes that a list of ids `[M]` names, 0..1. Ids outside `0..codes - 1` count for nothing. */
export function usageOf(ids: tf.Tensor, codes: number): tf.Scalar {
  return tf.tidy(() => tf.mean(tf.cast(tf.greater(codeCounts(ids, codes), 0), 'float32')) as tf.Scalar);
}

/** How often each code is named: ids `[...]` to `[codes]`, float32. */
export function codeCounts(ids: tf.Tensor, codes: number): tf.Tensor1D {
  return tf.tidy(() => {
    const flat = tf.reshape(ids, [ids.size, 1]);
    const inside = tf.logicalAnd(tf.greaterEqual(flat, 0), tf.less(flat, codes));
    // The others are counted in one place more. The wasm backend has no segment sums.
    const places = tf.where(inside, flat, tf.fill(flat.shape, codes, 'int32'));
    return tf.slice(tf.scatterND(places, tf.ones([ids.size]), [codes + 1]), [0], [codes]) as tf.Tensor1D;
  });
}

/** `exp(-Σ p log(p + 1e-10))` of the shares p of the codes in a batch (taming): 1 to `codes`. */
export function codePerplexity(ids: tf.Tensor, codes: number): tf.Scalar {
  return tf.tidy(() => {
    const share = tf.div(codeCounts(ids, codes), ids.size);
    return tf.exp(tf.neg(tf.sum(tf.mul(share, tf.log(tf.add(share, 1e-10)))))) as tf.Scalar;
  });
}
