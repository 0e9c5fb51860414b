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
  return tf.tidy(() => {
    const x = tap('encoder.lstm', seanetLstm(encodeFeatures(audio, params, config), params.lstm));
    return tap('encoder.latents', paddedConv(tf.elu(x), params.convOut, config));
  });
}

/**
 * Waveform to what the LSTM sees: everything that looks only so far.
 *
 * @param audio - `[B, T, channels]`.
 * @returns `[B, ceil(T / hop), filters * 2 ** stages]`.
 */
export function encodeFeatures(audio: tf.Tensor3D, params: SeanetEncoderParams, config: SeanetConfig): tf.Tensor3D {
  const ratios = config.ratios.toReversed();
  return tf.tidy(() => {
    let x = tap('encoder.conv_in', paddedConv(audio, params.convIn, config));
    params.stages.forEach(({ blocks, down }, stage) => {
      blocks.forEach((block, layer) => {
        x = seanetBlock(x, block, config, config.dilationBase ** layer);
        if (layer === 0) tap(`encoder.block${stage}`, x);
      });
      x = tap(`encoder.down${stage}`, paddedConv(tf.elu(x), down, config, { stride: ratios[stage]! }));
    });
    return x;
  });
}
