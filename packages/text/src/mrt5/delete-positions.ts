import * as tf from '@tensorflow/tfjs-core';
import { gatherRows } from '../tensors/gather-rows';

/**
 * Hard deletion: only the positions that are kept.
 *
 * @param hidden - `[B, N, width]`, float32.
 * @param positions - `[B, M]`, int32, of `keptPositions`.
 * @returns `[B, M, width]`.
 */
export function deletePositions(hidden: tf.Tensor3D, positions: tf.Tensor2D): tf.Tensor3D {
  return gatherRows(hidden, positions) as tf.Tensor3D;
}

/**
 * The same for both axes of a position bias.
 *
 * @param bias - `[B or 1, heads, N, N]`, float32.
 * @param positions - `[B, M]`, int32.
 * @returns `[B, heads, M, M]`.
 */
export function deletePositionsOfBias(bias: tf.Tensor4D, positions: tf.Tensor2D): tf.Tensor4D {
  return tf.tidy(() => {
    const batch = positions.shape[0];
    const whole = bias.shape[0] === batch ? bias : tf.tile(bias, [batch, 1, 1, 1]);
    const byQuery = gatherRows(tf.transpose(whole, [0, 2, 1, 3]), positions) as tf.Tensor4D;
    const byKey = gatherRows(tf.transpose(byQuery, [0, 3, 2, 1]), positions) as tf.Tensor4D;
    return tf.transpose(byKey, [0, 2, 3, 1]);
  });
}
