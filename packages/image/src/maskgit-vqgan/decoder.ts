import * as tf from '@tensorflow/tfjs-core';
import { conv2d, groupNorm, silu, tap, upsampleNearest } from '@tesserae/core/nn';
import { residualBlock } from './blocks';
import type { PixelDecoderParams } from './weights';

/**
 * Latents to pixels: the decoder of the VQGAN, and the pixel decoder of TiTok and One-D-Piece.
 *
 * @param z - `[B, h, w, latentChannels]`, float32.
 * @param name - Prefix of the taps.
 * @returns `[B, H, W, 3]`, about 0..1, not clamped.
 */
export function decodePixels(z: tf.Tensor4D, params: PixelDecoderParams, name = 'decoder'): tf.Tensor4D {
  return tf.tidy(() => {
    let x = tap(`${name}.conv_in`, conv2d(tap(`${name}.input`, z), params.convIn));
    for (const block of params.middle) x = residualBlock(x, block);
    tap(`${name}.mid_out`, x);
    for (let level = params.levels.length - 1; level >= 0; level -= 1) {
      const { blocks, upsample } = params.levels[level]!;
      for (const block of blocks) x = residualBlock(x, block);
      if (upsample) x = conv2d(upsampleNearest(x, 2), upsample);
      x = tap(`${name}.up${level}`, x);
    }
    return tap(`${name}.out_unclamped`, conv2d(silu(groupNorm(x, params.normOut)) as tf.Tensor4D, params.convOut));
  });
}
