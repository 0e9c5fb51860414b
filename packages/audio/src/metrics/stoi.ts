import { InputError } from '@tesserae/core/data';
import type { MetricResult } from '@tesserae/core/metrics';
import { realFft } from '../dsp/real-fft';
import { innerHannWindow } from '../dsp/windows';
import { octaveResample } from './octave-resample';
import { checkSamplePair } from './sample-pair';
import { centered, dot, norm } from './vectors';

export interface StoiOptions {
  /** Hz of both signals. */
  readonly sampleRate: number;
  /** ESTOI instead of STOI; default false. */
  readonly extended?: boolean;
}

const rate = 10_000;
const frameLength = 256;
const hop = frameLength / 2;
const fftLength = 512;
const bandCount = 15;
const lowestBand = 150;
const segmentLength = 30;
const dynamicRange = 40;
const clipFactor = 1 + 10 ** (15 / 20);
const tiny = 2 ** -52;

/**
 * Short-time objective intelligibility (Taal et al. 2011) or its extended form (Jensen and Taal 2016), with the numbers
 * of pystoi. About 0..1, higher is better. Less than 30 frames of sound give 1e-5.
 *
 * @param reference - Clean speech, one channel.
 * @param degraded - Of the same length.
 * @throws {InputError} The lengths differ, NaN is among the samples, or the rate is no whole number.
 */
export function stoi(reference: Float32Array, degraded: Float32Array, options: StoiOptions): MetricResult {
  const { sampleRate, extended = false } = options;
  checkSamplePair(reference, degraded, 0);
  if (!Number.isInteger(sampleRate) || sampleRate < 1) {
    throw new InputError('sampleRate', 'a whole number of Hz', String(sampleRate));
  }
  const atRate = (samples: Float32Array) =>
    sampleRate === rate ? Float64Array.from(samples) : octaveResample(Float64Array.from(samples), sampleRate, rate);
  const [clean, noisy] = withoutSilence(atRate(reference), atRate(degraded));
  const a = bandMagnitudes(clean);
  const b = bandMagnitudes(noisy);
  const frames = a.length / bandCount;
  const value = frames < segmentLength ? 1e-5 : extended ? extendedScore(a, b) : score(a, b);
  return { value, protocol: { metric: extended ? 'estoi' : 'stoi', implementation: 'pystoi', sampleRate } };
}

/** Keeps the frames that are less than 40 dB below the loudest frame of the clean signal, and joins them by overlap-add. */
function withoutSilence(clean: Float64Array, noisy: Float64Array): readonly [Float64Array, Float64Array] {
  const window = innerHannWindow(frameLength);
  const frames = Math.max(0, Math.floor((clean.length - frameLength) / hop) + 1);
  const levels = Float64Array.from({ length: frames }, (_, frame) => {
    let energy = 0;
    for (let index = 0; index < frameLength; index++) energy += (clean[frame * hop + index]! * window[index]!) ** 2;
    return 20 * Math.log10(Math.sqrt(energy) + tiny);
  });
  const loudest = levels.reduce((high, level) => Math.max(high, level), -Infinity);
  const kept = [...levels.keys()].filter((frame) => loudest - dynamicRange - levels[frame]! < 0);
  const join = (samples: Float64Array) => {
    const out = new Float64Array(kept.length === 0 ? 0 : (kept.length - 1) * hop + frameLength);
    kept.forEach((frame, place) => {
      for (let index = 0; index < frameLength; index++) {
        out[place * hop + index]! += samples[frame * hop + index]! * window[index]!;
      }
    });
    return out;
  };
  return [join(clean), join(noisy)];
}

/** Root of the energy in third-octave bands, `[frames, 15]`. The last frame is left out, as pystoi does. */
function bandMagnitudes(samples: Float64Array): Float64Array {
  const window = innerHannWindow(frameLength);
  const edges = bandEdges();
  const { bins, forward } = realFft(fftLength);
  const frame = new Float64Array(fftLength);
  const real = new Float64Array(bins);
  const imaginary = new Float64Array(bins);
  const frames = Math.max(0, Math.ceil((samples.length - frameLength) / hop));
  const out = new Float64Array(frames * bandCount);
  for (let index = 0; index < frames; index++) {
    for (let at = 0; at < frameLength; at++) frame[at] = samples[index * hop + at]! * window[at]!;
    forward(frame, real, imaginary);
    edges.forEach(([low, high], band) => {
      let energy = 0;
      for (let bin = low; bin < high; bin++) energy += real[bin]! ** 2 + imaginary[bin]! ** 2;
      out[index * bandCount + band] = Math.sqrt(energy);
    });
  }
  return out;
}

/** Bins from (inclusive) and to (exclusive) of each third-octave band: the bins nearest to the edges. */
function bandEdges(): readonly (readonly [number, number])[] {
  const nearestBin = (frequency: number) => Math.round((frequency * fftLength) / rate);
  return Array.from({ length: bandCount }, (_, band) => [
    nearestBin(lowestBand * 2 ** ((2 * band - 1) / 6)),
    nearestBin(lowestBand * 2 ** ((2 * band + 1) / 6)),
  ]);
}

/** Mean over segments and bands of the correlation of 30 frames with the scaled and clipped degraded ones. */
function score(clean: Float64Array, noisy: Float64Array): number {
  const segments = clean.length / bandCount - segmentLength + 1;
  let total = 0;
  for (let segment = 0; segment < segments; segment++) {
    for (let band = 0; band < bandCount; band++) {
      const x = row(clean, segment, band);
      const y = row(noisy, segment, band);
      const scale = norm(x) / (norm(y) + tiny);
      total += correlation(
        x,
        y.map((value, index) => Math.min(value * scale, x[index]! * clipFactor)),
      );
    }
  }
  return total / (segments * bandCount);
}

function correlation(x: Float64Array, y: Float64Array): number {
  const a = centered(x);
  const b = centered(y);
  return dot(a, b) / ((norm(a) + tiny) * (norm(b) + tiny));
}

/** Mean over segments and frames of the correlation across bands, rows and columns normalized first. */
function extendedScore(clean: Float64Array, noisy: Float64Array): number {
  const segments = clean.length / bandCount - segmentLength + 1;
  let total = 0;
  for (let segment = 0; segment < segments; segment++) {
    const x = unitColumns(clean, segment);
    const y = unitColumns(noisy, segment);
    x.forEach((column, frame) => (total += dot(column, y[frame]!)));
  }
  return total / (segments * segmentLength);
}

/** Columns (one a frame) of a segment whose rows were normalized. */
function unitColumns(bands: Float64Array, segment: number): Float64Array[] {
  const rows = Array.from({ length: bandCount }, (_, band) => unit(row(bands, segment, band)));
  return Array.from({ length: segmentLength }, (_, frame) => unit(Float64Array.from(rows, (values) => values[frame]!)));
}

function row(bands: Float64Array, segment: number, band: number): Float64Array {
  return Float64Array.from({ length: segmentLength }, (_, index) => bands[(segment + index) * bandCount + band]!);
}

/** Without its mean and of length 1; a constant stays 0 (pystoi adds noise of 2e-16 there). */
function unit(values: Float64Array): Float64Array {
  const shifted = centered(values);
  const length = norm(shifted);
  return length === 0 ? shifted : shifted.map((value) => value / length);
}
