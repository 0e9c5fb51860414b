import * as tf from '@tensorflow/tfjs-core';
import { scaledDotProductAttention } from '@tesserae/core/nn';
import { inBlocks } from './in-blocks';

/**
 * Attention of one head over all frames, in blocks of queries where there are many.
 *
 * @param q - `[B, F, width]`; `k`, `v` likewise.
 * @returns `[B, F, width]`.
 */
export function attendAll(q: tf.Tensor3D, k: tf.Tensor3D, v: tf.Tensor3D): tf.Tensor3D {
  const oneHead = (x: tf.Tensor3D) => tf.expandDims(x, 1) as tf.Tensor4D;
  const [keys, values] = [oneHead(k), oneHead(v)];
  return inBlocks(
    q,
    q.shape[1],
    (block) => tf.squeeze(scaledDotProductAttention(oneHead(block), keys, values), [1]) as tf.Tensor3D,
  );
}
