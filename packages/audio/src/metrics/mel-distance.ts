import type { MetricResult } from '@tesserae/core/metrics';
import { type VocosLogMelOptions, vocosMelFilters } from '../dsp/log-mel';
import { applyMelFilters, type MelFilters, slaneyMelFilters } from '../dsp/mel-filters';
import { eachSpectrumPair } from './spectrum-pairs';

/**
 * The mel reconstruction distance that Vocos and WavTokenizer train on and report (`MelSpecReconstructionLoss`): mean
 * absolute difference of the natural logarithms of HTK mel magnitudes, at least 1e-7. 0 for equal sounds.
 *
 * @param reference - Waveform, -1..1, at `sampleRate` (default 24000 Hz; published numbers are at that rate).
 * @param estimate - Of the same length.
 * @throws {InputError} The lengths differ, are too short to be mirrored at the ends, or hold NaN.
 */
export function melDistance(
  reference: Float32Array,
  estimate: Float32Array,
  options: VocosLogMelOptions = {},
): MetricResult {
  const { sampleRate = 24_000, fftLength = 1024, hopLength = 256, padding = 'center' } = options;
  const filters = vocosMelFilters(options);
  const margin = padding === 'center' ? Math.floor(fftLength / 2) : Math.floor((fftLength - hopLength) / 2);
  const value = meanDifference(reference, estimate, { fftLength, hopLength, margin }, filters, (energy) =>
    Math.log(Math.max(energy, 1e-7)),
  );
  const { mels } = filters;
  return { value, protocol: { metric: 'mel', implementation: 'vocos', sampleRate, fftLength, hopLength, mels } };
}

/** Windows of the multi-scale mel distance, samples, and the mels of each. */
const scales = [
  [32, 5],
  [64, 10],
  [128, 20],
  [256, 40],
  [512, 80],
  [1024, 160],
  [2048, 320],
] as const;

/**
 * The multi-scale mel distance of DAC (audiotools' `MelSpectrogramLoss` with the settings of DAC's configuration): sum
 * over windows of 32 to 2048 samples, a quarter of it between frames, of the mean absolute difference of base-10
 * logarithms of Slaney mel magnitudes, at least 1e-5.
 *
 * @param reference - Waveform, -1..1.
 * @param estimate - Of the same length, more than 1024 samples.
 * @param options.sampleRate - Hz; published numbers are at 44100.
 * @throws {InputError} The lengths differ, are too short, or hold NaN.
 */
export function multiScaleMelDistance(
  reference: Float32Array,
  estimate: Float32Array,
  { sampleRate }: { readonly sampleRate: number },
): MetricResult {
  let value = 0;
  for (const [fftLength, mels] of scales) {
    const filters = slaneyMelFilters({ sampleRate, fftLength, mels });
    const frames = { fftLength, hopLength: fftLength / 4 };
    value += meanDifference(reference, estimate, frames, filters, (energy) => Math.log10(Math.max(energy, 1e-5)));
  }
  const windows = scales.map(([window]) => window);
  return { value, protocol: { metric: 'multi-scale-mel', implementation: 'dac', sampleRate, windows } };
}

function meanDifference(
  reference: Float32Array,
  estimate: Float32Array,
  frames: Parameters<typeof eachSpectrumPair>[2],
  filters: MelFilters,
  logarithm: (energy: number) => number,
): number {
  let sum = 0;
  const count = eachSpectrumPair(reference, estimate, frames, (a, b) => {
    const [left, right] = [applyMelFilters(filters, a), applyMelFilters(filters, b)];
    for (let mel = 0; mel < filters.mels; mel += 1) sum += Math.abs(logarithm(left[mel]!) - logarithm(right[mel]!));
  });
  return sum / (count * filters.mels);
}
