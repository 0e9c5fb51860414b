import * as tf from '@tensorflow/tfjs-core';
import { tap } from '@tesserae/core/nn';
import type { SeanetConfig } from './config';
import { paddedConv, seanetBlock, seanetLstm, trimmedConvTranspose } from './layers';
import type { SeanetDecoderParams } from './weights';

/**
 * Latents to waveform.
 *
 * @param z - `[B, F, dimension]`, float32.
 * @returns `[B, F * hop, channels]`.
 */
export function decodeSeanet(z: tf.Tensor3D, params: SeanetDecoderParams, config: SeanetConfig): tf.Tensor3D {
  return tf.tidy(() => {
    const x = tap('decoder.lstm', seanetLstm(paddedConv(z, params.convIn, config), params.lstm));
    return decodeFeatures(x, params, config);
  });
}

/**
 * What the LSTM gives to waveform: everything that looks only so far.
 *
 * @param features - `[B, F, filters * 2 ** stages]`.
 * @returns `[B, F * hop, channels]`.
 */
export function decodeFeatures(features: tf.Tensor3D, params: SeanetDecoderParams, config: SeanetConfig): tf.Tensor3D {
  return tf.tidy(() => {
    let x = features;
    params.stages.forEach(({ up, blocks }, stage) => {
      x = tap(`decoder.up${stage}`, trimmedConvTranspose(tf.elu(x), up, config, config.ratios[stage]!));
      blocks.forEach((block, layer) => {
        x = seanetBlock(x, block, config, config.dilationBase ** layer);
      });
    });
    return paddedConv(tf.elu(x), params.convOut, config);
  });
}
