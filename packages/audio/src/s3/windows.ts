import { framesPerToken, type S3Config, tokenCount } from './config';

/** Spectrum frames a second. */
export const framesPerSecond = 100;
/** Of one run: 30 s. */
export const longestRun = 3000;
/** Between the beginnings of windows, which overlap by 4 s. */
const windowStep = 2600;
/** Of an overlap, each of the two windows gives half. */
const halfOverlap = (longestRun - windowStep) / 2;

/** A stretch of a spectrum that is encoded by itself, and which of its tokens count. */
export interface SpectrumWindow {
  /** Frames `from` up to `to`. */
  readonly from: number;
  readonly to: number;
  /** Tokens `first` up to `end` of the window. */
  readonly first: number;
  readonly end: number;
}

/**
 * The windows of a recording (`_quantize_mixed_batch`, `merge_tokenized_segments`): all of it up to 30 s, otherwise 30 s
 * every 26 s, without 2 s of tokens at every inner end.
 *
 * A window begins at every multiple of 26 s, even where the one before already reaches the end; the tokens that the
 * official code cuts off that one are then lost: up to 2 s.
 *
 * @param keepTail - Without such a last window, so that nothing is lost. Default false, as the official code.
 */
export function windowsOf(
  frames: number,
  config: Pick<S3Config, 'stride'>,
  keepTail = false,
): readonly SpectrumWindow[] {
  const covered = (start: number) => start > 0 && start - windowStep + longestRun >= frames;
  const starts = [0];
  if (frames > longestRun) {
    for (let start = windowStep; start < frames && !(keepTail && covered(start)); start += windowStep) {
      starts.push(start);
    }
  }
  const cut = halfOverlap / framesPerToken(config);
  const windows = starts.map((from, index) => {
    const to = Math.min(from + longestRun, frames);
    const tokens = tokenCount(to - from, config);
    const end = index === starts.length - 1 ? tokens : tokens - cut;
    return { from, to, first: index === 0 ? 0 : cut, end };
  });
  return windows.filter(({ first, end }) => first < end);
}

/** Runs take a whole number of seconds, so that recordings of many lengths need few compiled models. */
const runStep = framesPerSecond;

/**
 * Frames of a run that takes so many: more are masked and change nothing but roundings.
 *
 * @param limit - Of a run.
 */
export function paddedFrames(frames: number, limit: number): number {
  return Math.min(limit, Math.ceil(frames / runStep) * runStep);
}
