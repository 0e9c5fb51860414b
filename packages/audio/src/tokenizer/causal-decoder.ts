import type { HostTensors, Model, TokenizerInfo } from '@tesserae/core';
import type { AudioSignal } from '@tesserae/core/data';
import type { CodecFacts } from './audio-rooms';
import type { AudioStreamDecoder } from './audio-tokenizer';
import { codeStream } from './code-stream';
import { stateOf, windowFunction } from './encode-windows';
import { windowPlan } from './frame-windows';
import { channelsOf } from './host-audio';
import { defaultWindowSeconds } from './stream-encoder';

export type DecodeStreamOptions = NonNullable<Parameters<AudioStreamDecoder['decodeStream']>[1]>;

export interface CausalDecoderFacts extends Pick<CodecFacts, 'sampleRate' | 'hopLength'> {
  /** Frames that the first window has at least. */
  readonly minimumFrames: number;
  /** Model function of whole clips, beside which `-start` and `-middle` decode windows. Default `decode`. */
  readonly functionOf?: (options: DecodeStreamOptions) => string;
}

/** `decodeStream` where nothing in the decoder looks ahead: exact, a window at a time. */
export function causalDecoder(
  model: Pick<Model<unknown>, 'run'>,
  info: TokenizerInfo,
  { sampleRate, hopLength, minimumFrames, functionOf = () => 'decode' }: CausalDecoderFacts,
): AudioStreamDecoder['decodeStream'] {
  return async function* decodeStream(chunks, given = {}) {
    const { exact: _, windowSeconds = defaultWindowSeconds, ...options } = given;
    const { frames } = windowPlan({ sampleRate, hopLength, left: minimumFrames, right: 0 }, windowSeconds);
    const name = functionOf(given);
    const codes = codeStream(info, sampleRate, options);
    const run = options.signal ? { signal: options.signal } : {};
    let state: HostTensors | undefined;
    let done = 0;
    const next = async (
      part: 'whole' | 'start' | 'middle',
      count: number,
      until = Number.POSITIVE_INFINITY,
    ): Promise<AudioSignal> => {
      const outputs = await model.run(windowFunction(name, part), { ids: codes.take(count), ...state }, run);
      state = stateOf(outputs);
      const channels = channelsOf(outputs['audio']!).map((channel) => channel.slice(0, until - done));
      done += channels[0]!.length;
      return { modality: 'audio', sampleRate, channels };
    };
    for await (const chunk of chunks) {
      codes.push(chunk);
      // The last frame may stand for less than a hop of sound: it waits for the end.
      while (codes.frames > frames) yield await next(state ? 'middle' : 'start', frames);
    }
    if (codes.frames > 0) yield await next(state ? 'middle' : 'whole', codes.frames, codes.modelSamples());
  };
}
