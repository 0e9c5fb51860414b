import type { MetricResult } from '@tesserae/core/metrics';
import { checkSamplePair } from './sample-pair';

export interface WaveformError {
  /** Energy of the reference over that of the difference, dB; infinity for equal sounds. */
  readonly snr: number;
  /** Mean absolute difference. */
  readonly l1: number;
  /** Root of the mean square of the difference. */
  readonly rmse: number;
}

/**
 * How far two waveforms are apart, sample by sample; neither gain nor offset is forgiven (`siSdr` does).
 *
 * @param reference - One channel.
 * @param estimate - Of the same length.
 * @throws {InputError} The lengths differ or are 0, or NaN is among the samples.
 */
export function waveformError(reference: Float32Array, estimate: Float32Array): MetricResult<WaveformError> {
  checkSamplePair(reference, estimate, 1);
  let energy = 0;
  let absolute = 0;
  let square = 0;
  for (let at = 0; at < reference.length; at += 1) {
    const difference = reference[at]! - estimate[at]!;
    energy += reference[at]! ** 2;
    absolute += Math.abs(difference);
    square += difference ** 2;
  }
  const snr = 10 * Math.log10(energy / square);
  return {
    value: {
      snr: Number.isNaN(snr) ? 0 : snr,
      l1: absolute / reference.length,
      rmse: Math.sqrt(square / reference.length),
    },
    protocol: { metric: 'waveform-error', unit: 'snr in dB' },
  };
}
