import * as tf from '@tensorflow/tfjs-core';
import { conv1d, layerNorm, linear, tap } from '@tesserae/core/nn';
import { htkMelFilters } from '../dsp/mel-filters';
import { melEnergies, spectrumMagnitudes } from '../dsp/spectrum-frames';
import { wholeFrames } from '../snake/stages';
import { convNext } from '../wavtokenizer/backbone';
import { hopLength, type MelRvqConfig } from './config';
import type { EncoderParams } from './weights';

/** Of every norm here. */
export const epsilon = 1e-6;

/** Added to mel energies, and mean and spread of the logarithms in recordings of speech. */
const [quietest, usualLog, spread] = [1e-3, -1.5, 2.5] as const;

/**
 * Waveform to latents: log-mel spectra, as many as a token has side by side, then ConvNeXt blocks.
 *
 * @param audio - `[B, T, 1]`, float32; zeros are added up to a whole token, and outside.
 * @returns `[B, F, codeWidth]`, before the quantizer, F = ceil(T / hop).
 */
export function encodeMel(audio: tf.Tensor3D, params: EncoderParams, config: MelRvqConfig): tf.Tensor3D {
  return tf.tidy(() => {
    const spectra = tap('encoder.mel', logMels(audio, config));
    const [batch, frames, mels] = spectra.shape;
    const { spectraPerToken } = config;
    const tokens = tf.reshape(spectra, [batch, frames / spectraPerToken, mels * spectraPerToken]) as tf.Tensor3D;
    const embedded = conv1d(tokens, params.embed, { padding: [1, 1] });
    let x = layerNorm(embedded, params.norm, epsilon) as tf.Tensor3D;
    for (const block of params.blocks) x = convNext(x, block);
    return tap('encoder.z', linear(layerNorm(x, params.normOut, epsilon), params.out) as tf.Tensor3D);
  });
}

/** `[B, F * spectraPerToken, mels]`, about 0 and 1 in mean and spread. */
function logMels(audio: tf.Tensor3D, config: MelRvqConfig): tf.Tensor3D {
  const { sampleRate, fftLength, spectrumHop, mels } = config;
  const whole = wholeFrames(audio, hopLength(config));
  const margin = (fftLength - spectrumHop) / 2;
  const padded = tf.pad(tf.squeeze(whole, [2]), [
    [0, 0],
    [margin, margin],
  ]) as tf.Tensor2D;
  const magnitudes = spectrumMagnitudes(padded, { fftLength, hopLength: spectrumHop });
  const energies = melEnergies(magnitudes, htkMelFilters({ sampleRate, fftLength, mels }));
  return tf.div(tf.sub(tf.log(tf.add(energies, quietest)), usualLog), spread);
}
