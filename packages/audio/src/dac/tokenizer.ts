import { type DecodeOptions, feedForwardTokenizer, type HostTensor, type Model } from '@tesserae/core';
import type { AudioInput, AudioSignal } from '@tesserae/core/data';
import { hopLength, unitKernel } from '../snake/config';
import { longClipDecoder } from '../snake/long-decoder';
import { decoderReach, encoderReach } from '../snake/reach';
import { boundedDecoder } from '../snake/stream-decoder';
import { audioLatents } from '../tokenizer/audio-latents';
import { audioRooms, type CodecFacts } from '../tokenizer/audio-rooms';
import type {
  AudioLatents,
  AudioStreamDecoder,
  AudioStreamEncoder,
  AudioTokenizer,
} from '../tokenizer/audio-tokenizer';
import { longClipEncoder } from '../tokenizer/encode-windows';
import { type WindowFacts, windowPlan } from '../tokenizer/frame-windows';
import { streamEncoder } from '../tokenizer/stream-encoder';
import type { DacConfig } from './config';
import { latentKernel } from './weights';

export interface DacTokenizer extends AudioTokenizer, AudioLatents, AudioStreamEncoder, AudioStreamDecoder {}

/** Of a window of a long clip. */
const longSeconds = 5;

/**
 * One level a codebook, coarse to fine, `[frames]`; the first ones decode without the others.
 *
 * Encoder and decoder look only so far: `encodeStream` and `decodeStream` are exact, up to near-ties.
 */
export function dacTokenizer(model: Model<DacConfig>): DacTokenizer {
  const { sampleRate, network, codebooks, codebookSize } = model.config;
  const hop = hopLength(network);
  const facts: CodecFacts = { sampleRate, channels: 1, hopLength: hop, codebookSize, codebooks, prefixUnit: 'level' };
  const rooms = audioRooms(facts);
  const functionOf = () => 'encode';
  const single = { unit: 1, attention: 1 };
  const windows: WindowFacts = { sampleRate, hopLength: hop, ...encoderReach(network, { ...single, latentKernel }) };
  const plan = windowPlan(windows, longSeconds);
  const bounds = { ...facts, ...decoderReach(network, { ...single, latentKernel: unitKernel }) };
  const decode = async (ids: HostTensor, _from: number, { signal }: DecodeOptions) => {
    const { audio } = await model.run('decode', { ids }, signal ? { signal } : {});
    return audio!;
  };
  const longClip = longClipDecoder(bounds, { decode }, plan.frames);
  const tokenizer = feedForwardTokenizer<DacConfig, AudioInput, AudioSignal>(model, {
    ...rooms,
    capabilities: ['encodeStream', 'decodeStream', 'latents', 'codes'],
    runEncoder: longClipEncoder(model, sampleRate, plan, functionOf),
    async runDecoder({ ids }, options) {
      return { audio: await longClip(ids!, options) };
    },
  });
  return {
    ...tokenizer,
    ...audioLatents(model, facts),
    encodeStream: streamEncoder(model, { facts, windows, functionOf }),
    decodeStream: boundedDecoder(tokenizer.info, bounds, { decode }),
  };
}
