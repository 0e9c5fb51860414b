import * as tf from '@tensorflow/tfjs-core';
import { linear, tap } from '@tesserae/core/nn';
import { hopLength } from '../snake/config';
import { residualUnits, sameConv, snake, trimmedTranspose } from '../snake/layers';
import { downStage, wholeFrames } from '../snake/stages';
import { type SnacConfig, unitFrames } from './config';
import { localAttention } from './local-attention';
import type { SnacDecoderParams, SnacEncoderParams } from './weights';

/**
 * Waveform to latents (`snac.layers.Encoder`); the last unit is filled up with zeros.
 *
 * @param audio - `[B, T, 1]`, float32.
 * @returns `[B, F, D]`, F a multiple of the unit.
 */
export function encodeSnac(audio: tf.Tensor3D, params: SnacEncoderParams, config: SnacConfig): tf.Tensor3D {
  const { network, attentionWindow } = config;
  return tf.tidy(() => {
    const whole = wholeFrames(audio, hopLength(network) * unitFrames(config));
    let x = tap('encoder.conv_in', sameConv(whole, params.convIn));
    params.stages.forEach((stage, index) => {
      x = tap(`encoder.block${index}`, downStage(x, stage, network.encoderRates[index]!));
    });
    if (params.attention) x = tap('encoder.attention', localAttention(x, params.attention, attentionWindow!));
    return tap('encoder.latents', sameConv(x, params.convOut));
  });
}

/**
 * Latents to waveform (`snac.layers.Decoder`).
 *
 * @param z - `[B, F, D]`, float32, F a multiple of the attention window.
 * @param noise - Standard normal numbers of each stage, `[B, T_i, 1]`; absent: none is added.
 * @returns `[B, F * hop, 1]`, -1..1.
 */
export function decodeSnac(
  z: tf.Tensor3D,
  params: SnacDecoderParams,
  { network, attentionWindow }: SnacConfig,
  noise?: readonly tf.Tensor3D[],
): tf.Tensor3D {
  return tf.tidy(() => {
    let x = tap('decoder.conv_in', sameConv(z, params.convIn));
    if (params.widen) x = tap('decoder.widen', sameConv(x, params.widen));
    if (params.attention) x = tap('decoder.attention', localAttention(x, params.attention, attentionWindow!));
    params.stages.forEach((stage, index) => {
      const stride = network.decoderRates[index]!;
      let up = trimmedTranspose(snake(x, stage.alpha), stage.conv, stride, stride % 2);
      if (stage.noise && noise) up = tf.add(up, tf.mul(noise[index]!, linear(up, stage.noise)));
      x = tap(`decoder.block${index}`, residualUnits(up, stage.units));
    });
    return tf.tanh(sameConv(snake(x, params.alpha), params.convOut));
  });
}
