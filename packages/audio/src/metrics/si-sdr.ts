import type { MetricResult } from '@tesserae/core/metrics';
import { checkSamplePair } from './sample-pair';
import { centered, dot } from './vectors';

const tiny = 1e-8;

/**
 * Scale-invariant signal-to-distortion ratio in dB (Le Roux et al. 2019), means removed, 1e-8 added to the two sums of
 * the projection. Equal signals give infinity, a silent reference minus infinity, two silent
 * signals 0.
 *
 * @param reference - One channel.
 * @param estimate - Of the same length.
 * @throws {InputError} The lengths differ or are 0, or NaN is among the samples.
 */
export function siSdr(reference: Float32Array, estimate: Float32Array): MetricResult {
  checkSamplePair(reference, estimate, 1);
  const r = centered(reference);
  const e = centered(estimate);
  const scale = (dot(e, r) + tiny) / (dot(r, r) + tiny);
  const target = r.map((value) => value * scale);
  const noise = e.map((value, index) => value - target[index]!);
  const value = 10 * Math.log10(dot(target, target) / dot(noise, noise));
  return { value: Number.isNaN(value) ? 0 : value, protocol: { metric: 'si-sdr', unit: 'dB', zeroMean: true } };
}
