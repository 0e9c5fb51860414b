import { InputError } from '@tesserae/core/data';
import { checkNumber, detectSound, type EnergyDetectorOptions, type SampleRange } from './energy-detector';

/** Where there is sound: one channel and its rate in Hz to stretches in order, in samples. */
export type SoundDetector = (samples: Float32Array, sampleRate: number) => readonly SampleRange[];

export interface SegmentOptions extends EnergyDetectorOptions {
  /** A segment is at least this long, but for the last. Default 17. */
  readonly minSeconds?: number;
  /** A segment is at most this long. Default 20. */
  readonly maxSeconds?: number;
  /**
   * `drop` (default): the pause at a cut, and pauses at both ends of a segment, are left out. `keep`: cuts lie in the
   * middle of pauses and the segments join to the whole.
   */
  readonly pauses?: 'drop' | 'keep';
  /** How much of a pause that is dropped stays at the sound. Default 0.06. */
  readonly edgeSeconds?: number;
  /** Another detector of voice activity. Default {@link detectSound} with the other options. */
  readonly detect?: SoundDetector;
}

/** Lengths in samples. */
export interface SegmentPlan {
  readonly least: number;
  readonly most: number;
  readonly pause: number;
  readonly edge: number;
  readonly keep: boolean;
  readonly detect: SoundDetector;
}

/** What a stretch of `most` samples begins with. */
export interface Cut {
  /** Absent where there is nothing but a pause. */
  readonly segment?: SampleRange;
  /** Where the next stretch begins. */
  readonly next: number;
}

/** @throws {InputError} An option is out of range. */
export function planOf(sampleRate: number, options: SegmentOptions): SegmentPlan {
  const { minSeconds = 17, maxSeconds = 20, minPauseSeconds = 0.2, edgeSeconds = 0.06, pauses = 'drop' } = options;
  checkNumber('minSeconds', minSeconds, 0);
  checkNumber('minPauseSeconds', minPauseSeconds, 0);
  checkNumber('edgeSeconds', edgeSeconds, 0);
  const [least, most] = [minSeconds, maxSeconds].map((seconds) => Math.round(seconds * sampleRate)) as [number, number];
  if (!(most >= Math.max(1, least)) || !Number.isFinite(most)) {
    throw new InputError('maxSeconds', `a number above 0 and of at least ${minSeconds} (minSeconds)`, `${maxSeconds}`);
  }
  if (pauses !== 'drop' && pauses !== 'keep') throw new InputError('pauses', "'drop' or 'keep'", `'${String(pauses)}'`);
  return {
    least,
    most,
    pause: Math.max(1, minPauseSeconds * sampleRate),
    edge: Math.round(edgeSeconds * sampleRate),
    keep: pauses === 'keep',
    detect: options.detect ?? ((samples, rate) => detectSound(samples, rate, options)),
  };
}

/** The segment at the front of a stretch that is as long as a segment may be, or of the end of the sound. */
export function nextCut(stretch: Float32Array, sampleRate: number, plan: SegmentPlan, isEnd: boolean): Cut {
  const { length } = stretch;
  const sound = plan.detect(stretch, sampleRate);
  const pause = isEnd ? undefined : longestPause(sound, plan.least, length, plan.pause);
  if (plan.keep) {
    const end = pause ? Math.max(1, Math.round((pause.start + pause.end) / 2)) : length;
    return { segment: { start: 0, end }, next: end };
  }
  // Both sides of a short pause share it.
  const edge = pause ? Math.min(plan.edge, Math.floor((pause.end - pause.start) / 2)) : plan.edge;
  const end = pause ? pause.start + edge : length;
  const next = pause ? Math.max(1, pause.end - edge) : length;
  const inside = sound.filter(({ start }) => start < end);
  const [opening, closing] = [inside[0], inside.at(-1)];
  if (!opening || !closing) return { next };
  const segment = { start: Math.max(0, opening.start - plan.edge), end: Math.min(end, closing.end + plan.edge) };
  return { segment, next };
}

/** The longest stretch without sound in `from..to`, the first of equal ones; undefined where none is long enough. */
function longestPause(sound: readonly SampleRange[], from: number, to: number, least: number): SampleRange | undefined {
  let longest: SampleRange | undefined;
  for (let index = 0; index <= sound.length; index += 1) {
    const start = Math.max(from, sound[index - 1]?.end ?? 0);
    const end = Math.min(to, sound[index]?.start ?? to);
    if (end - start >= least && (!longest || end - start > longest.end - longest.start)) longest = { start, end };
  }
  return longest;
}
