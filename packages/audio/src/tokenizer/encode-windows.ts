import type { HostTensors, Model, RunOptions } from '@tesserae/core';
import {
  type FrameWindow,
  isLast,
  type WindowFacts,
  type WindowPlan,
  windowPlan,
  windowsOf,
  windowsOfStream,
} from './frame-windows';
import { joinCodes } from './frames';

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
 * `runEncoder` of a codec whose windows hand state on: long clips a window at a time, so that memory does not grow with them, with progress in
 * seconds.
 *
 * @param plan - Clips of up to two windows are encoded whole: that takes less than the graphs of both.
 */
export function longStatefulEncoder<Options extends RunOptions>(
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

/**
 * Encodes sound as it comes: a window at a time, the same ones whatever the blocks.
 *
 * @param blocks - Channels, any number of samples.
 * @param seconds - Of a window.
 */
export type BlockEncoder<Options> = (
  blocks: AsyncIterable<readonly Float32Array[]>,
  seconds: number,
  options: Options,
) => AsyncIterable<EncodedWindow>;

/** A {@link BlockEncoder} of a codec whose windows hand state on. */
export function statefulBlockEncoder<Options extends RunOptions>(
  model: Pick<Model<unknown>, 'run'>,
  channels: number,
  windows: WindowFacts,
  functionOf: (options: Options) => string,
): BlockEncoder<Options> {
  return (blocks, seconds, options) =>
    encodeWindows(model, functionOf(options), windowsOfStream(blocks, channels, windowPlan(windows, seconds)), options);
}
