import * as tf from '@tensorflow/tfjs-core';
import { tap } from '@tesserae/core/nn';
import type { SeanetConfig } from './config';
import { paddedConv, seanetBlock, seanetLstm } from './layers';
import type { SeanetEncoderParams } from './weights';

/**
 * Waveform to latents.
 *
 * @param audio - `[B, T, channels]`, float32, T at least 1.
 * @returns `[B, ceil(T / hop), dimension]`.
 */
export function encodeSeanet(audio: tf.Tensor3D, params: SeanetEncoderParams, config: SeanetConfig): tf.Tensor3D {
  const ratios = config.ratios.toReversed();
  return tf.tidy(() => {
    let x = tap('encoder.conv_in', paddedConv(audio, params.convIn, config));
    params.stages.forEach(({ blocks, down }, stage) => {
      blocks.forEach((block, layer) => {
        x = seanetBlock(x, block, config, config.dilationBase ** layer);
      });
      x = tap(`encoder.down${stage}`, paddedConv(tf.elu(x), down, config, { stride: ratios[stage]! }));
    });
    x = tap('encoder.lstm', seanetLstm(x, params.lstm));
    return tap('encoder.latents', paddedConv(tf.elu(x), params.convOut, config));
  });
}
