import * as tf from '@tensorflow/tfjs-core';
import { conv1d, layerNorm, linear, tap } from '@tesserae/core/nn';
import { convNext } from '../wavtokenizer/backbone';
import { decodeHead } from '../wavtokenizer/head';
import type { MelRvqConfig } from './config';
import { epsilon } from './encoder';
import type { DecoderParams } from './weights';

/**
 * Code vectors to waveform: each token becomes its spectra, ConvNeXt blocks, log-magnitudes and phases, inverse
 * transform.
 *
 * @param codes - `[B, F, codeWidth]`, float32.
 * @returns `[B, F * hop, 1]`.
 */
export function decodeMel(codes: tf.Tensor3D, params: DecoderParams, config: MelRvqConfig): tf.Tensor3D {
  const { decoderWidth, spectraPerToken, fftLength, spectrumHop } = config;
  return tf.tidy(() => {
    const [batch, frames] = codes.shape;
    const embedded = layerNorm(conv1d(codes, params.embed, { padding: [1, 1] }), params.norm, epsilon);
    const spread = linear(embedded, params.up);
    let x = tf.reshape(spread, [batch, frames * spectraPerToken, decoderWidth]) as tf.Tensor3D;
    for (const block of params.blocks) x = convNext(x, block);
    const features = tap('decoder.features', layerNorm(x, params.normOut, epsilon) as tf.Tensor3D);
    const head = { inputs: decoderWidth, fftLength, hopLength: spectrumHop, padding: 'same' } as const;
    return tf.expandDims(decodeHead(features, params.head, head), 2) as tf.Tensor3D;
  });
}
