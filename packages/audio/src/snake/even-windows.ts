import type { SnakeReach } from './reach';

/** A stretch `from..to` of a clip that is run by itself, and the frames `first..until` that it is run for. */
export interface EvenWindow {
  readonly from: number;
  readonly to: number;
  readonly first: number;
  readonly until: number;
}

/**
 * Windows of one length over a clip, so that one compiled graph serves them all: those at its ends have more context
 * than they need. A clip that fits into one is a window of its own length.
 *
 * @param frames - Of the clip.
 * @param step - New frames of a window, at least 1.
 * @param reach - Frames before and behind that a frame depends on.
 */
export function* evenWindows(frames: number, step: number, reach: SnakeReach): Generator<EvenWindow> {
  for (let first = 0; first < frames;) {
    const window = evenWindow(frames, step, reach, first);
    yield window;
    first = window.until;
  }
}

/** The one of {@link evenWindows} for the frames from `first` on. @param frames - Infinity: more than it needs. */
export function evenWindow(frames: number, step: number, { left, right }: SnakeReach, first: number): EvenWindow {
  const length = left + step + right;
  const from = Math.max(0, Math.min(first - left, frames - length));
  const to = Math.min(frames, from + length);
  return { from, to, first, until: to === frames ? frames : to - right };
}
