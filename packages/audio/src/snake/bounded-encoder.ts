import type { HostTensor, HostTensors, Model, RunOptions } from '@tesserae/core';
import type { BlockEncoder, EncodedWindow } from '../tokenizer/encode-windows';
import { type WindowFacts, windowPlan } from '../tokenizer/frame-windows';
import { framesOf, joinCodes } from '../tokenizer/frames';
import { sampleBuffer } from '../tokenizer/sample-buffer';
import { type EvenWindow, evenWindow, evenWindows } from './even-windows';

type Runs = Pick<Model<unknown>, 'run'>;

/**
 * `runEncoder` of a network that looks only so far: long clips in windows with context at both ends, so that memory does
 * not grow with them, with progress in seconds; the ids are those of the whole clip, up to near-ties.
 *
 * @param step - New frames of a window; clips that fit into one are encoded whole.
 * @returns Takes `{ audio: [1, T, 1] }` and gives `{ ids, margins }` `[rows, 1, frames]`.
 */
export function boundedClipEncoder(
  model: Runs,
  { sampleRate, hopLength, ...reach }: WindowFacts,
  step: number,
): (inputs: HostTensors, options: RunOptions) => Promise<HostTensors> {
  return async ({ audio }, options) => {
    const samples = audio!.shape[1]!;
    const parts: HostTensors[] = [];
    for (const window of evenWindows(Math.ceil(samples / hopLength), step, reach)) {
      const sound = audio!.data.subarray(window.from * hopLength, window.to * hopLength);
      parts.push(await encodeEvenWindow(model, window, sound, hopLength, options));
      const total = samples / sampleRate;
      const completed = Math.min(total, (window.until * hopLength) / sampleRate);
      options.onProgress?.({ stage: 'encode', completed, total, unit: 'seconds', label: 'encode' });
    }
    return joinCodes(parts);
  };
}

/** {@link boundedClipEncoder} of a stream: the same windows, each as soon as it is there. */
export function boundedBlockEncoder(model: Runs, facts: WindowFacts): BlockEncoder<RunOptions> {
  const { hopLength } = facts;
  return async function* encodeBlocks(blocks, seconds, options): AsyncGenerator<EncodedWindow> {
    const step = windowPlan(facts, seconds).frames;
    const buffer = sampleBuffer(1);
    let first = 0;
    const encode = async (window: EvenWindow, isLast: boolean): Promise<EncodedWindow> => {
      const sound = buffer.read(window.from * hopLength, Math.min(buffer.end, window.to * hopLength));
      const outputs = await encodeEvenWindow(model, window, sound.data, hopLength, options);
      first = window.until;
      // The last window is as long as this one, and so begins behind where it does.
      buffer.forget(window.from * hopLength);
      return { outputs, isLast };
    };
    for await (const block of blocks) {
      buffer.append(block);
      for (;;) {
        // Of a clip that goes on behind what has come.
        const window = evenWindow(Number.POSITIVE_INFINITY, step, facts, first);
        if (buffer.end <= window.to * hopLength) break;
        yield await encode(window, false);
      }
    }
    yield await encode(evenWindow(Math.ceil(buffer.end / hopLength), step, facts, first), true);
  };
}

/** Codes of the new frames of a window. @param sound - Its samples; zeros fill up the last frame, as encoders do. */
async function encodeEvenWindow(
  model: Runs,
  { from, to, first, until }: EvenWindow,
  sound: HostTensor['data'],
  hopLength: number,
  { signal }: RunOptions,
): Promise<HostTensors> {
  signal?.throwIfAborted();
  const samples = (to - from) * hopLength;
  const data = new Float32Array(samples);
  data.set(sound);
  const outputs = await model.run('encode', { audio: { shape: [1, samples, 1], data } }, signal ? { signal } : {});
  const own = (name: string) => framesOf(outputs[name]!, first - from, until - from);
  return { ids: own('ids'), margins: own('margins') };
}
