import * as tf from '@tensorflow/tfjs-core';
import { htkMelFilters } from '../dsp/mel-filters';
import { melEnergies, type SpectrumFrames, spectrumMagnitudes } from '../dsp/spectrum-frames';

/** Added to magnitudes and to mel energies before the logarithm: what is quieter is silence. */
const [quietMagnitude, quietMel] = [1e-2, 1e-3] as const;

/** One resolution of {@link spectralLosses}. */
export interface SpectralResolution extends SpectrumFrames {
  /** Mel bands; 0: no mel loss at this resolution. */
  readonly mels: number;
}

export interface SpectralLossOptions {
  /** Hz, for the mel bands. */
  readonly sampleRate: number;
  /** Default: 1024, 512 and 256 samples, a quarter between frames, with 80, 40 and 20 mels. */
  readonly resolutions?: readonly SpectralResolution[];
}

export interface SpectralLosses {
  /** Mean absolute difference of the natural logarithms of mel energies, over the resolutions. */
  readonly mel: tf.Scalar;
  /**
   * Mean absolute difference of the logarithms of magnitudes, plus the sum of their absolute differences as a part of the
   * sum of the target's, over the resolutions (after arXiv 1910.11480).
   */
  readonly stft: tf.Scalar;
}

export const defaultResolutions: readonly SpectralResolution[] = [
  { fftLength: 1024, hopLength: 256, mels: 80 },
  { fftLength: 512, hopLength: 128, mels: 40 },
  { fftLength: 256, hopLength: 64, mels: 20 },
];

/**
 * Distances of the spectra of two sounds at several resolutions; phases do not count.
 *
 * @param output - `[B, T]`, float32, at least as long as the longest frame; `target` of the same shape, without gradient.
 */
export function spectralLosses(
  output: tf.Tensor2D,
  target: tf.Tensor2D,
  { sampleRate, resolutions = defaultResolutions }: SpectralLossOptions,
): SpectralLosses {
  const mels: tf.Scalar[] = [];
  const stfts: tf.Scalar[] = [];
  for (const { mels: bands, ...frames } of resolutions) {
    const [found, wanted] = [spectrumMagnitudes(output, frames), spectrumMagnitudes(target, frames)];
    const linear = tf.div(tf.sum(tf.abs(tf.sub(found, wanted))), tf.add(tf.sum(wanted), 1e-6));
    stfts.push(tf.add(logDifference(found, wanted, quietMagnitude), linear) as tf.Scalar);
    if (bands === 0) continue;
    const filters = htkMelFilters({ sampleRate, fftLength: frames.fftLength, mels: bands });
    mels.push(logDifference(melEnergies(found, filters), melEnergies(wanted, filters), quietMel));
  }
  return { mel: meanOf(mels), stft: meanOf(stfts) };
}

/** Sum of the absolute differences of samples as a part of the sum of the target's. */
export function waveformLoss(output: tf.Tensor, target: tf.Tensor): tf.Scalar {
  return tf.tidy(
    () => tf.div(tf.sum(tf.abs(tf.sub(output, target))), tf.add(tf.sum(tf.abs(target)), 1e-3)) as tf.Scalar,
  );
}

function logDifference(a: tf.Tensor, b: tf.Tensor, quiet: number): tf.Scalar {
  return tf.mean(tf.abs(tf.sub(tf.log(tf.add(a, quiet)), tf.log(tf.add(b, quiet))))) as tf.Scalar;
}

function meanOf(values: readonly tf.Scalar[]): tf.Scalar {
  return values.length === 0 ? tf.scalar(0) : (tf.div(tf.addN([...values]), values.length) as tf.Scalar);
}
