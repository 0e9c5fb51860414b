import type { HostTensor, HostTensors, Model, RunOptions } from '@tesserae/core';
import { type FrameWindow, isLast, type WindowPlan, windowsOf } from './frame-windows';

/** What a window gives. */
export interface EncodedWindow {
  /** `ids` `[codebooks, 1, frames]` among them. */
  readonly outputs: HostTensors;
  readonly isLast: boolean;
}

/** Name of the model function for a window: `encode` itself for a whole clip, `encode-start` for the first window. */
export function windowFunction(name: string, part: FrameWindow['part']): string {
  return part === 'whole' ? name : `${name}-${part}`;
}

/**
 * The model functions `encode`, `encode-start`, `encode-middle` and `encode-end` of a network that looks only so far.
 *
 * @param reach - Frames that a window needs before and behind its own.
 * @param encodeFunction - The function that leaves so many frames at either side out of its results.
 */
export const encodeFunctions = <Made>(
  reach: { readonly left: number; readonly right: number },
  encodeFunction: (left: number, right: number) => Made,
) => ({
  encode: encodeFunction(0, 0),
  'encode-start': encodeFunction(0, reach.right),
  'encode-middle': encodeFunction(reach.left, reach.right),
  'encode-end': encodeFunction(reach.left, 0),
});

/**
 * Encodes windows one after the other; every run gets the state that the one before left.
 *
 * @param name - Of the model function of whole clips.
 */
export async function* encodeWindows(
  model: Pick<Model<unknown>, 'run'>,
  name: string,
  windows: Iterable<FrameWindow> | AsyncIterable<FrameWindow>,
  { signal }: RunOptions,
): AsyncGenerator<EncodedWindow> {
  let state: HostTensors = {};
  for await (const { part, audio } of windows) {
    signal?.throwIfAborted();
    const outputs = await model.run(windowFunction(name, part), { audio, ...state }, signal ? { signal } : {});
    state = stateOf(outputs);
    yield { outputs, isLast: isLast({ part }) };
  }
}

const results = new Set(['ids', 'margins', 'audio']);

/** What outputs hand to the next run: all that is neither a result nor a tap. */
export function stateOf(outputs: HostTensors): HostTensors {
  return Object.fromEntries(Object.entries(outputs).filter(([name]) => !results.has(name) && !name.startsWith('tap:')));
}

/**
 * `runEncoder` of a codec: long clips a window at a time, so that memory does not grow with them, with progress in
 * seconds.
 *
 * @param plan - Clips of up to two windows are encoded whole: that takes less than the graphs of both.
 */
export function longClipEncoder<Options extends RunOptions>(
  model: Pick<Model<unknown>, 'run'>,
  sampleRate: number,
  plan: WindowPlan,
  functionOf: (options: Options) => string,
): (inputs: HostTensors, options: Options) => Promise<HostTensors> {
  return async (inputs, options) => {
    const audio = inputs['audio']!;
    const samples = audio.shape[1]!;
    const total = samples / sampleRate;
    const isShort = samples <= 2 * plan.frames * plan.hopLength;
    const windows = isShort ? [{ part: 'whole' as const, audio }] : windowsOf(audio, plan);
    const parts: HostTensors[] = [];
    let frames = 0;
    for await (const { outputs } of encodeWindows(model, functionOf(options), windows, options)) {
      parts.push({ ids: outputs['ids']!, ...(outputs['margins'] && { margins: outputs['margins'] }) });
      frames += outputs['ids']!.shape[2]!;
      const completed = Math.min(total, (frames * plan.hopLength) / sampleRate);
      options.onProgress?.({ stage: 'encode', completed, total, unit: 'seconds', label: 'encode' });
    }
    return joinCodes(parts);
  };
}

/** `ids` and `margins` of `[codebooks, 1, frames]` joined along the frames. */
export function joinCodes(parts: readonly HostTensors[]): HostTensors {
  if (parts.length === 1) return parts[0]!;
  const margins = parts.flatMap((part) => (part['margins'] ? [part['margins']] : []));
  return {
    ids: joinFrames(parts.map((part) => part['ids']!)),
    ...(margins.length === parts.length && { margins: joinFrames(margins) }),
  };
}

/** Tensors of `[rows, 1, frames]` joined along the last axis. */
export function joinFrames(parts: readonly HostTensor[]): HostTensor {
  const rows = parts[0]!.shape[0]!;
  const total = parts.reduce((sum, { shape }) => sum + shape[2]!, 0);
  const data = parts[0]!.data instanceof Int32Array ? new Int32Array(rows * total) : new Float32Array(rows * total);
  let at = 0;
  for (const part of parts) {
    const frames = part.shape[2]!;
    for (let row = 0; row < rows; row += 1) {
      data.set(part.data.subarray(row * frames, (row + 1) * frames), row * total + at);
    }
    at += frames;
  }
  return { shape: [rows, 1, total], data };
}
