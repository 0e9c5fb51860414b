import * as tf from '@tensorflow/tfjs-core';
import { firstSteps, scaledDotProductAttention } from '@tesserae/core/nn';

/** Largest table of scores, bytes. */
const largestScores = 64 * 2 ** 20;

/**
 * Attention of one head over all frames. Long clips are computed in blocks of queries, which changes nothing: no table
 * of scores is larger than 64 MiB.
 *
 * @param q - `[B, F, width]`; `k`, `v` likewise.
 * @returns `[B, F, width]`.
 */
export function attendAll(q: tf.Tensor3D, k: tf.Tensor3D, v: tf.Tensor3D): tf.Tensor3D {
  const [batch, frames] = q.shape;
  const rows = Math.max(1, Math.floor(largestScores / 4 / batch / frames));
  const oneHead = (x: tf.Tensor3D) => tf.expandDims(x, 1) as tf.Tensor4D;
  const [keys, values] = [oneHead(k), oneHead(v)];
  const blocks: tf.Tensor3D[] = [];
  for (let start = 0; start < frames; start += rows) {
    const block = oneHead(rows >= frames ? q : firstSteps(q, Math.min(rows, frames - start), start));
    blocks.push(tf.squeeze(scaledDotProductAttention(block, keys, values), [1]) as tf.Tensor3D);
  }
  return blocks.length === 1 ? blocks[0]! : tf.concat(blocks, 1);
}
