import * as tf from '@tensorflow/tfjs-core';
import { conv2d, silu, tap, unpatchify } from '@tesserae/core/nn';
import { residualBlocks } from './blocks';
import type { ConvFsqConfig } from './config';
import type { DecoderParams } from './weights';

/**
 * Codes to opponent colours, which `fromOpponent` turns into RGB.
 *
 * @param codes - `[B, h, w, levels]`, float32.
 * @returns `[B, H, W, 3]`, not clamped.
 */
export function decodePixels(
  codes: tf.Tensor4D,
  params: DecoderParams,
  { patchSize }: Pick<ConvFsqConfig, 'patchSize'>,
): tf.Tensor4D {
  return tf.tidy(() => {
    const inner = residualBlocks(tap('decoder.conv_in', conv2d(codes, params.convIn)), params.inner);
    const doubled = unpatchify(conv2d(silu(inner) as tf.Tensor4D, params.up), 2);
    const outer = residualBlocks(tap('decoder.up', doubled), params.outer);
    return unpatchify(tap('decoder.patches', conv2d(silu(outer) as tf.Tensor4D, params.convOut)), patchSize);
  });
}
