import type { DecodeOptions, HostTensor, HostTensors, Model, RunOptions, TokenizerInfo } from '@tesserae/core';
import type { AudioSignal } from '@tesserae/core/data';
import type { CodecFacts } from './audio-rooms';
import type { AudioStreamDecoder } from './audio-tokenizer';
import { codeStream } from './code-stream';
import { stateOf, windowFunction } from './encode-windows';
import { windowPlan } from './frame-windows';
import { framesOf } from './frames';
import { channelsOf } from './host-audio';
import { defaultWindowSeconds } from './stream-encoder';

export type DecodeStreamOptions = NonNullable<Parameters<AudioStreamDecoder['decodeStream']>[1]>;

export interface CausalDecoderFacts extends Pick<CodecFacts, 'sampleRate' | 'hopLength'> {
  /** Frames that the first window has at least. */
  readonly minimumFrames: number;
  /** Model function of whole clips, beside which `-start` and `-middle` decode windows. Default `decode`. */
  readonly functionOf?: (options: DecodeStreamOptions) => string;
}

type Runs = Pick<Model<unknown>, 'run'>;

/** Decodes windows of ids one after the other: every run gets the state that the one before left. */
function windowDecoder(model: Runs, name: string, options: RunOptions) {
  let state: HostTensors | undefined;
  return async (ids: HostTensor, isLast: boolean): Promise<HostTensor> => {
    const part = state ? 'middle' : isLast ? 'whole' : 'start';
    const outputs = await model.run(windowFunction(name, part), { ids, ...state }, options);
    state = stateOf(outputs);
    return outputs['audio']!;
  };
}

/** Frames of a window. */
function windowFrames({ sampleRate, hopLength, minimumFrames }: CausalDecoderFacts, seconds: number): number {
  return windowPlan({ sampleRate, hopLength, left: minimumFrames, right: 0 }, seconds).frames;
}

/**
 * `runDecoder` where nothing in the decoder looks ahead: long clips a window at a time, so that memory does not grow with
 * them, with progress in seconds.
 *
 * @param seconds - Of a window; clips of up to two are decoded whole, which takes less than the graphs of both.
 * @returns Takes `{ ids: [codebooks, 1, F] }` and gives `{ audio: [1, F * hop, channels] }`.
 */
export function longCausalDecoder(
  model: Runs,
  facts: CausalDecoderFacts,
  seconds: number,
): (inputs: HostTensors, options: DecodeOptions) => Promise<HostTensors> {
  const { sampleRate, hopLength, functionOf = () => 'decode' } = facts;
  const step = windowFrames(facts, seconds);
  return async ({ ids }, options) => {
    const name = functionOf(options);
    const frames = ids!.shape[2]!;
    if (frames <= 2 * step) return model.run(name, { ids: ids! }, options);
    const decode = windowDecoder(model, name, options.signal ? { signal: options.signal } : {});
    let sound: HostTensor | undefined;
    for (let first = 0; first < frames; first += step) {
      options.signal?.throwIfAborted();
      const until = Math.min(frames, first + step);
      const { shape, data } = await decode(framesOf(ids!, first, until), until === frames);
      const [, , channels = 1] = shape;
      const samples = frames * hopLength;
      sound ??= { shape: [1, samples, channels], data: new Float32Array(samples * channels) };
      sound.data.set(data, first * hopLength * channels);
      const [completed, total] = [(until * hopLength) / sampleRate, samples / sampleRate];
      options.onProgress?.({ stage: 'decode', completed, total, unit: 'seconds', label: 'decode' });
    }
    return { audio: sound! };
  };
}

/** `decodeStream` where nothing in the decoder looks ahead: exact, a window at a time. */
export function causalDecoder(
  model: Runs,
  info: TokenizerInfo,
  facts: CausalDecoderFacts,
): AudioStreamDecoder['decodeStream'] {
  const { sampleRate, functionOf = () => 'decode' } = facts;
  return async function* decodeStream(chunks, given = {}) {
    const { exact: _, windowSeconds = defaultWindowSeconds, ...options } = given;
    const frames = windowFrames(facts, windowSeconds);
    const codes = codeStream(info, sampleRate, options);
    const decode = windowDecoder(model, functionOf(given), options.signal ? { signal: options.signal } : {});
    let done = 0;
    const next = async (count: number, isLast: boolean): Promise<AudioSignal> => {
      const until = isLast ? codes.modelSamples() : Number.POSITIVE_INFINITY;
      const audio = await decode(codes.take(count), isLast);
      const channels = channelsOf(audio).map((channel) => channel.slice(0, until - done));
      done += channels[0]!.length;
      return { modality: 'audio', sampleRate, channels };
    };
    for await (const chunk of chunks) {
      codes.push(chunk);
      // The last frame may stand for less than a hop of sound: it waits for the end.
      while (codes.frames > frames) yield await next(frames, false);
    }
    if (codes.frames > 0) yield await next(codes.frames, true);
  };
}
