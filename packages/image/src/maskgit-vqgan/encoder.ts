import * as tf from '@tensorflow/tfjs-core';
import { conv2d, groupNorm, silu, tap } from '@tesserae/core/nn';
import { residualBlock } from './blocks';
import type { EncoderParams } from './weights';

/**
 * Picture to latents.
 *
 * @param image - `[B, H, W, 3]`, float32 in 0..1; H and W divisible by the down-sampling.
 * @returns `[B, h, w, latentChannels]`.
 */
export function encodePixels(image: tf.Tensor4D, params: EncoderParams): tf.Tensor4D {
  return tf.tidy(() => {
    let x = tap('encoder.conv_in', conv2d(image, params.convIn));
    params.levels.forEach((blocks, level) => {
      blocks.forEach((block, index) => {
        x = tap(`encoder.down${level}.block${index}`, residualBlock(x, block));
      });
      if (level < params.levels.length - 1) x = tf.avgPool(x, 2, 2, 'valid');
      x = tap(`encoder.down${level}`, x);
    });
    for (const block of params.middle) x = residualBlock(x, block);
    tap('encoder.mid', x);
    const normalised = tap('encoder.norm_out', groupNorm(x, params.normOut)) as tf.Tensor4D;
    return tap('encoder.z', conv2d(silu(normalised) as tf.Tensor4D, params.convOut));
  });
}
