import * as tf from '@tensorflow/tfjs-core';
import { conv2d, patchify, silu, tap } from '@tesserae/core/nn';
import { residualBlocks } from './blocks';
import { toOpponent } from './color';
import type { ConvFsqConfig } from './config';
import type { EncoderParams } from './weights';

/**
 * Picture to latents.
 *
 * @param image - `[B, H, W, 3]`, float32 in 0..1; H and W divisible by the down-sampling.
 * @returns `[B, h, w, levels]`, before the quantizer.
 */
export function encodePixels(
  image: tf.Tensor4D,
  params: EncoderParams,
  { patchSize }: Pick<ConvFsqConfig, 'patchSize'>,
): tf.Tensor4D {
  return tf.tidy(() => {
    const patches = patchify(toOpponent(image), patchSize);
    const outer = residualBlocks(tap('encoder.conv_in', conv2d(patches, params.convIn)), params.outer);
    const halved = conv2d(silu(outer) as tf.Tensor4D, params.down, { stride: 2, padding: 0 });
    const inner = residualBlocks(tap('encoder.down', halved), params.inner);
    return tap('encoder.z', conv2d(silu(inner) as tf.Tensor4D, params.convOut));
  });
}
