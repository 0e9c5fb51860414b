import * as tf from '@tensorflow/tfjs-core';
import { conv2d, groupNorm, silu } from '@tesserae/core/nn';
import type { ResidualBlockParams } from './weights';

/**
 * Residual block of the MaskGIT-VQGAN.
 *
 * Where the channels change, the shortcut is a 1x1 convolution of the block's own output and the input is dropped:
 * unlike the textbook block, but what the published weights were trained with (image-1d 0.4).
 *
 * @param x - `[B, H, W, from]`, float32.
 * @returns `[B, H, W, to]`.
 */
export function residualBlock(x: tf.Tensor4D, params: ResidualBlockParams): tf.Tensor4D {
  return tf.tidy(() => {
    const first = conv2d(silu(groupNorm(x, params.norm1)) as tf.Tensor4D, params.conv1);
    const hidden = conv2d(silu(groupNorm(first, params.norm2)) as tf.Tensor4D, params.conv2);
    return params.shortcut ? tf.add(hidden, conv2d(hidden, params.shortcut)) : tf.add(x, hidden);
  });
}
