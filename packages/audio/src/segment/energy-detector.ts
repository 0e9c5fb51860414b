import { InputError } from '@tesserae/core/data';

/** From a sample up to, and without, another one. */
export interface SampleRange {
  readonly start: number;
  readonly end: number;
}

export interface EnergyDetectorOptions {
  /** Level above which a frame is sound, dB of full scale (a full square wave is 0). Default: found in the samples. */
  readonly thresholdDecibels?: number;
  /** Default 0.02. */
  readonly frameSeconds?: number;
  /** Shorter pauses belong to the sound around them. Default 0.2. */
  readonly minPauseSeconds?: number;
  /** Shorter sounds between pauses belong to the pause. Default 0.06. */
  readonly minSoundSeconds?: number;
}

/** Below this a frame is a pause whatever the rest is like, dB of full scale. */
const silence = -60;
/** Quiet and loud frames of a recording: these shares of all are quieter. */
const quietShare = 0.1;
const loudShare = 0.95;
/** How far the threshold lies above the quiet frames on the way to the loud ones. */
const thresholdShare = 0.3;
/** Frames that differ by less are all alike: a steady sound. Decibels. */
const leastContrast = 6;

/**
 * Where there is sound and where there are pauses, by the energy of frames: an energy-based voice activity detector.
 *
 * The threshold lies 30 % of the way from the level that a tenth of the frames stays below to the level that a
 * twentieth exceeds, so that it follows gain and background noise; frames below -60 dB are never sound. It knows nothing
 * about speech: music is sound as well.
 *
 * @param samples - One channel, -1..1.
 * @param sampleRate - Hz.
 * @returns Stretches with sound, in order, without overlap; whole frames but for the last. Empty for silence.
 * @throws {InputError} An option is out of range, or NaN is among the samples (`not-finite`).
 */
export function detectSound(
  samples: Float32Array,
  sampleRate: number,
  options: EnergyDetectorOptions = {},
): SampleRange[] {
  const { frameSeconds = 0.02, minPauseSeconds = 0.2, minSoundSeconds = 0.06, thresholdDecibels } = options;
  checkNumber('sampleRate', sampleRate, 1);
  checkNumber('frameSeconds', frameSeconds, 1 / sampleRate);
  checkNumber('minPauseSeconds', minPauseSeconds, 0);
  checkNumber('minSoundSeconds', minSoundSeconds, 0);
  if (thresholdDecibels !== undefined) checkNumber('thresholdDecibels', thresholdDecibels, Number.NEGATIVE_INFINITY);
  const frame = Math.round(frameSeconds * sampleRate);
  const levels = frameLevels(samples, frame);
  const threshold = Math.max(silence, thresholdDecibels ?? thresholdOf(levels));
  const loud: SampleRange[] = [];
  for (const [index, level] of levels.entries()) {
    const range = { start: index * frame, end: Math.min(samples.length, (index + 1) * frame) };
    if (level > threshold) loud.push(range);
  }
  const joined = joinRanges(loud, minPauseSeconds * sampleRate);
  return joined.filter(({ start, end }) => end - start >= minSoundSeconds * sampleRate);
}

/** RMS of each frame, dB of full scale; the last one may be short. */
function frameLevels(samples: Float32Array, frame: number): Float64Array {
  return Float64Array.from({ length: Math.ceil(samples.length / frame) }, (_, index) => {
    let sum = 0;
    const end = Math.min(samples.length, (index + 1) * frame);
    for (let at = index * frame; at < end; at += 1) sum += samples[at]! * samples[at]!;
    if (!Number.isFinite(sum)) {
      throw new InputError('samples', 'finite samples', `NaN or infinity near ${index * frame}`, {
        code: 'not-finite',
      });
    }
    return 10 * Math.log10(sum / (end - index * frame) + 1e-20);
  });
}

function thresholdOf(levels: Float64Array): number {
  const sorted = levels.toSorted();
  const at = (share: number) => sorted[Math.floor(share * (sorted.length - 1))] ?? silence;
  const quiet = at(quietShare);
  const contrast = at(loudShare) - quiet;
  return contrast < leastContrast ? silence : quiet + thresholdShare * contrast;
}

/** Ranges with less than `gap` between them become one. */
function joinRanges(ranges: readonly SampleRange[], gap: number): SampleRange[] {
  const out: SampleRange[] = [];
  for (const range of ranges) {
    const last = out.at(-1);
    const touches = last && (range.start === last.end || range.start - last.end < gap);
    if (touches) out[out.length - 1] = { start: last.start, end: range.end };
    else out.push(range);
  }
  return out;
}

/** @throws {InputError} No number, or below the least. */
export function checkNumber(name: string, value: number, least: number): void {
  if (!(value >= least) || value === Number.POSITIVE_INFINITY)
    throw new InputError(name, `a number of at least ${least}`, String(value));
}
