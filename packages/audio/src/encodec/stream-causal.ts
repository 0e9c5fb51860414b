import type { HostTensors, Model, Tokenizer } from '@tesserae/core';
import { type AudioInput, type AudioSignal, Tokens } from '@tesserae/core/data';
import type { CodecFacts } from '../tokenizer/audio-rooms';
import type { AudioStreamDecoder } from '../tokenizer/audio-tokenizer';
import { codeStream } from '../tokenizer/code-stream';
import { stateOf } from '../tokenizer/encode-windows';
import { windowPlan } from '../tokenizer/frame-windows';
import { channelsOf } from '../tokenizer/host-audio';
import { defaultWindowSeconds } from '../tokenizer/stream-encoder';
import { canStreamDecode, type EncodecConfig } from './config';

/**
 * `decodeStream` of a whole-clip model: exact, a window at a time, where nothing in the decoder looks ahead; otherwise
 * all at the end.
 */
export function causalDecoder(
  model: Model<EncodecConfig>,
  tokenizer: Pick<Tokenizer<AudioInput, AudioSignal>, 'decode' | 'info'>,
  { sampleRate, hopLength }: CodecFacts,
): AudioStreamDecoder['decodeStream'] {
  const { kernelSize } = model.config.seanet;
  return async function* decodeStream(chunks, { exact: _, windowSeconds = defaultWindowSeconds, ...options } = {}) {
    const { frames } = windowPlan({ sampleRate, hopLength, left: kernelSize, right: 0 }, windowSeconds);
    if (!canStreamDecode(model.config)) {
      const all: Tokens[] = [];
      for await (const chunk of chunks) all.push(chunk);
      if (all.length > 0) yield await tokenizer.decode(Tokens.join(all), options);
      return;
    }
    const codes = codeStream(tokenizer.info, sampleRate, options);
    const run = options.signal ? { signal: options.signal } : {};
    let state: HostTensors | undefined;
    let given = 0;
    const next = async (name: string, count: number, until = Number.POSITIVE_INFINITY): Promise<AudioSignal> => {
      const outputs = await model.run(name, { ids: codes.take(count), ...state }, run);
      state = stateOf(outputs);
      const channels = channelsOf(outputs['audio']!).map((channel) => channel.slice(0, until - given));
      given += channels[0]!.length;
      return { modality: 'audio', sampleRate, channels };
    };
    for await (const chunk of chunks) {
      codes.push(chunk);
      // The last frame may stand for less than a hop of sound: it waits for the end.
      while (codes.frames > frames) yield await next(state ? 'decode-middle' : 'decode-start', frames);
    }
    if (codes.frames > 0) yield await next(state ? 'decode-middle' : 'decode', codes.frames, codes.modelSamples());
  };
}
