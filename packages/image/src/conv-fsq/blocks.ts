import * as tf from '@tensorflow/tfjs-core';
import { conv2d, silu } from '@tesserae/core/nn';
import type { ResidualBlockParams } from './weights';

/** `x + conv2(silu(conv1(silu(x))))` one after another. @param x - `[B, H, W, C]`. */
export function residualBlocks(x: tf.Tensor4D, blocks: readonly ResidualBlockParams[]): tf.Tensor4D {
  return blocks.reduce((y, { conv1, conv2 }) => {
    const hidden = conv2d(silu(y) as tf.Tensor4D, conv1);
    return tf.add(y, conv2d(silu(hidden) as tf.Tensor4D, conv2));
  }, x);
}
