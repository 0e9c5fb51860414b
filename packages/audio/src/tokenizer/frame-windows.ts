import type { HostTensor } from '@tesserae/core';
import { InputError } from '@tesserae/core/data';
import { sampleBuffer } from './sample-buffer';

/** How a clip is cut into windows that are encoded one after the other. */
export interface WindowPlan {
  /** Samples a frame. */
  readonly hopLength: number;
  /** Frames of a window that are new. */
  readonly frames: number;
  /** Known frames in front of them, and frames behind that only the next window gives. */
  readonly left: number;
  readonly right: number;
  /** Frames, besides those behind, that the last window has at least: short inputs are padded by other rules. */
  readonly reserve: number;
}

/** What of a plan does not depend on how long its windows are. */
export interface WindowFacts extends Pick<WindowPlan, 'hopLength' | 'left' | 'right'> {
  readonly sampleRate: number;
}

/** Frames that the first and the last window have at least. */
const reserve = 8;

/**
 * Windows of so many seconds, in whole frames.
 *
 * @throws {InputError} `windowSeconds` is not above 0.
 */
export function windowPlan({ sampleRate, hopLength, left, right }: WindowFacts, seconds: number): WindowPlan {
  if (!(seconds > 0)) throw new InputError('windowSeconds', 'a number above 0', String(seconds));
  const frames = Math.max(2 * reserve, left + 1, Math.round((seconds * sampleRate) / hopLength));
  return { hopLength, frames, left, right, reserve };
}

/** A stretch of a clip: all of it, its beginning, its end, or between, from sample `from` up to `to`. */
export interface WindowBounds {
  readonly part: 'whole' | 'start' | 'middle' | 'end';
  readonly from: number;
  readonly to: number;
}

/** A window with its samples, `[1, samples, channels]`. */
export interface FrameWindow {
  readonly part: WindowBounds['part'];
  readonly audio: HostTensor;
}

/**
 * The next window of a clip of which `samples` have come, or undefined where more must come first.
 *
 * @param done - New frames of the windows before.
 * @param ended - No more samples will come.
 */
export function nextWindow(
  { hopLength, frames, left, right, reserve }: WindowPlan,
  done: number,
  samples: number,
  ended: boolean,
): WindowBounds | undefined {
  const from = Math.max(0, done - left) * hopLength;
  if (samples >= (done + frames + right + reserve) * hopLength) {
    return { part: done === 0 ? 'start' : 'middle', from, to: (done + frames + right) * hopLength };
  }
  return ended ? { part: done === 0 ? 'whole' : 'end', from, to: samples } : undefined;
}

/** The windows of a whole clip, the same as those of a stream of it. `audio` is `[1, samples, channels]`. */
export function* windowsOf({ shape, data }: HostTensor, plan: WindowPlan): Generator<FrameWindow> {
  const [, samples = 0, channels = 1] = shape;
  for (let done = 0; ; done += plan.frames) {
    const { part, from, to } = nextWindow(plan, done, samples, true)!;
    yield {
      part,
      audio: { shape: [1, to - from, channels], data: data.slice(from * channels, to * channels) as Float32Array },
    };
    if (isLast({ part })) return;
  }
}

/**
 * The windows of a stream: each as soon as it is there, the same whatever blocks the samples came in.
 *
 * @param blocks - Channels, any number of samples.
 * @param channels - Of every block.
 */
export async function* windowsOfStream(
  blocks: AsyncIterable<readonly Float32Array[]>,
  channels: number,
  plan: WindowPlan,
): AsyncGenerator<FrameWindow> {
  const buffer = sampleBuffer(channels);
  let done = 0;
  const next = (ended: boolean): FrameWindow | undefined => {
    const bounds = nextWindow(plan, done, buffer.end, ended);
    if (!bounds) return undefined;
    done += plan.frames;
    const window = { part: bounds.part, audio: buffer.read(bounds.from, bounds.to) };
    buffer.forget(Math.max(0, done - plan.left) * plan.hopLength);
    return window;
  };
  for await (const block of blocks) {
    buffer.append(block);
    for (let window = next(false); window; window = next(false)) yield window;
  }
  for (;;) {
    const window = next(true)!;
    yield window;
    if (isLast(window)) return;
  }
}

/** Whether the clip ends with a window. */
export function isLast({ part }: Pick<FrameWindow, 'part'>): boolean {
  return part === 'whole' || part === 'end';
}
