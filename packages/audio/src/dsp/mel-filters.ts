import { floatLinspace, floatLog } from './float-math';
import { htkMel, slaneyFrequency, slaneyMel } from './mel-scale';

/** Triangular filters over the bins of a spectrum. */
export interface MelFilters {
  readonly mels: number;
  readonly bins: number;
  /** `[mels, bins]`, float32. */
  readonly data: Float32Array;
  /** First bin and one past the last bin that is not 0, of each filter. */
  readonly first: Int32Array;
  readonly end: Int32Array;
}

export interface MelFilterOptions {
  /** Hz. */
  readonly sampleRate: number;
  readonly fftLength: number;
  readonly mels: number;
}

const { fround } = Math;

/**
 * Filters of `torchaudio.functional.melscale_fbanks` with its defaults: HTK mels from 0 Hz to half the rate, triangles
 * linear in Hz, no normalization; computed in float32 as there.
 */
export function htkMelFilters({ sampleRate, fftLength, mels }: MelFilterOptions): MelFilters {
  const bins = Math.floor(fftLength / 2) + 1;
  const frequencies = floatLinspace(0, Math.floor(sampleRate / 2), bins);
  const points = floatLinspace(htkMel(0), htkMel(sampleRate / 2), mels + 2).map((mel) =>
    fround(700 * fround(fround(10 ** fround(mel / 2595)) - 1)),
  );
  return melFilters(mels, bins, (mel, bin) => {
    const slope = (point: number) => fround(points[point]! - frequencies[bin]!);
    const width = (point: number) => fround(points[point + 1]! - points[point]!);
    return Math.min(fround(-slope(mel) / width(mel)), fround(slope(mel + 2) / width(mel + 1)));
  });
}

/** Filters of `librosa.filters.mel` with its defaults: Slaney's mels from 0 Hz to half the rate, triangles of equal area. */
export function slaneyMelFilters({ sampleRate, fftLength, mels }: MelFilterOptions): MelFilters {
  const bins = Math.floor(fftLength / 2) + 1;
  const top = slaneyMel(sampleRate / 2);
  const points = Float64Array.from({ length: mels + 2 }, (_, point) => slaneyFrequency((top * point) / (mels + 1)));
  return melFilters(mels, bins, (mel, bin) => {
    const [left, center, right] = points.subarray(mel, mel + 3) as unknown as [number, number, number];
    const frequency = (bin * sampleRate) / fftLength;
    const height = Math.min((frequency - left) / (center - left), (right - frequency) / (right - center));
    return fround(Math.max(0, height)) * (2 / (right - left));
  });
}

/**
 * Filters of Kaldi as `torchaudio.compliance.kaldi.get_mel_banks` computes them: mels `1127 ln(1 + f / 700)` from 20 Hz to
 * half the rate, triangles linear in mel, the Nyquist bin left out (0).
 */
export function kaldiMelFilters({ sampleRate, fftLength, mels }: MelFilterOptions): MelFilters {
  const bins = fftLength / 2 + 1;
  const kaldiMel = (frequency: number) => 1127 * Math.log(1 + frequency / 700);
  const low = kaldiMel(20);
  const step = fround((kaldiMel(sampleRate / 2) - low) / (mels + 1));
  const point = (index: number) => fround(fround(low) + fround(index * step));
  return melFilters(mels, bins, (filter, bin) => {
    if (bin === bins - 1) return 0;
    const frequency = fround((bin * sampleRate) / fftLength);
    const mel = fround(1127 * floatLog(fround(1 + fround(frequency / 700))));
    const [left, center, right] = [point(filter), point(filter + 1), point(filter + 2)];
    const rise = fround(fround(mel - left) / fround(center - left));
    const fall = fround(fround(right - mel) / fround(right - center));
    return Math.min(rise, fall);
  });
}

/**
 * Energies of all filters.
 *
 * @param spectrum - `[frames, bins]`.
 * @returns `[frames, mels]`.
 */
export function applyMelFilters(filters: MelFilters, spectrum: Float64Array): Float64Array {
  const { mels, bins, data, first, end } = filters;
  const frames = spectrum.length / bins;
  const out = new Float64Array(frames * mels);
  for (let frame = 0; frame < frames; frame++) {
    for (let mel = 0; mel < mels; mel++) {
      let sum = 0;
      for (let bin = first[mel]!; bin < end[mel]!; bin++)
        sum += data[mel * bins + bin]! * spectrum[frame * bins + bin]!;
      out[frame * mels + mel] = sum;
    }
  }
  return out;
}

function melFilters(mels: number, bins: number, height: (mel: number, bin: number) => number): MelFilters {
  const data = new Float32Array(mels * bins);
  const first = new Int32Array(mels);
  const end = new Int32Array(mels);
  for (let mel = 0; mel < mels; mel++) {
    for (let bin = 0; bin < bins; bin++) {
      const value = Math.max(0, height(mel, bin));
      data[mel * bins + bin] = value;
      if (value === 0) continue;
      if (end[mel] === 0) first[mel] = bin;
      end[mel] = bin + 1;
    }
  }
  return { mels, bins, data, first, end };
}
