import type { HostTensor, HostTensors, Model, RunOptions } from '@tesserae/core';
import { framesOf } from '../tokenizer/code-stream';
import { joinFrames } from '../tokenizer/encode-windows';
import { evenWindows } from './even-windows';
import type { SnakeReach } from './reach';

/** What encoding in windows needs to know. */
export interface BoundedEncoderFacts extends SnakeReach {
  /** Hz. */
  readonly sampleRate: number;
  /** Samples a frame. */
  readonly hopLength: number;
}

/**
 * Encodes a long clip in windows with context at both ends, so that memory does not grow with it, with progress in
 * seconds; the ids are those of the whole clip, up to near-ties.
 *
 * @param step - New frames of a window; clips that fit into one are encoded whole.
 * @returns Takes `{ audio: [1, T, 1] }` and gives `{ ids, margins }` `[rows, 1, frames]`.
 */
export function longClipEncoder(
  model: Pick<Model<unknown>, 'run'>,
  { sampleRate, hopLength, ...reach }: BoundedEncoderFacts,
  step: number,
): (inputs: HostTensors, options: RunOptions) => Promise<HostTensors> {
  return async ({ audio }, options) => {
    const samples = audio!.shape[1]!;
    const frames = Math.ceil(samples / hopLength);
    const run = options.signal ? { signal: options.signal } : {};
    const ids: HostTensor[] = [];
    const margins: HostTensor[] = [];
    for (const { from, to, first, until } of evenWindows(frames, step, reach)) {
      options.signal?.throwIfAborted();
      const outputs = await model.run('encode', { audio: soundOf(audio!, from * hopLength, to * hopLength) }, run);
      ids.push(framesOf(outputs['ids']!, first - from, until - from));
      margins.push(framesOf(outputs['margins']!, first - from, until - from));
      const total = samples / sampleRate;
      const completed = Math.min(total, (until * hopLength) / sampleRate);
      options.onProgress?.({ stage: 'encode', completed, total, unit: 'seconds', label: 'encode' });
    }
    return { ids: joinFrames(ids), margins: joinFrames(margins) };
  };
}

/** Samples `from..to` of `[1, T, 1]`, with zeros behind the end: the encoders fill up their last frame with them. */
function soundOf({ data }: HostTensor, from: number, to: number): HostTensor {
  const sound = new Float32Array(to - from);
  sound.set((data as Float32Array).subarray(from, to));
  return { shape: [1, to - from, 1], data: sound };
}
