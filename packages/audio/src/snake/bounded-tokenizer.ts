import { type DecodeOptions, feedForwardTokenizer, type HostTensor, type Model } from '@tesserae/core';
import type { AudioInput, AudioSignal } from '@tesserae/core/data';
import { audioLatents } from '../tokenizer/audio-latents';
import { audioRooms, type CodecFacts } from '../tokenizer/audio-rooms';
import type {
  AudioLatents,
  AudioStreamDecoder,
  AudioStreamEncoder,
  AudioTokenizer,
} from '../tokenizer/audio-tokenizer';
import { type WindowFacts, windowPlan } from '../tokenizer/frame-windows';
import { streamEncoder } from '../tokenizer/stream-encoder';
import { boundedBlockEncoder, boundedClipEncoder } from './bounded-encoder';
import { longClipDecoder } from './long-decoder';
import type { SnakeReach } from './reach';
import { boundedDecoder } from './stream-decoder';

export interface BoundedTokenizer extends AudioTokenizer, AudioLatents, AudioStreamEncoder, AudioStreamDecoder {}

export interface BoundedParts {
  /** Frames of sound that a frame depends on, and frames that the sound of a frame depends on. */
  readonly encoder: SnakeReach;
  readonly decoder: SnakeReach;
  /** Seconds of a window of a long clip. */
  readonly seconds: number;
}

/**
 * A mono codec whose encoder and decoder look only so far, with model functions `encode`, `latents`,
 * `codes` and `decode`: one level a codebook, coarse to fine, `[frames]`.
 * `encodeStream` and `decodeStream` are exact, up to near-ties; long clips run a window at a time.
 */
export function boundedTokenizer<Config>(
  model: Model<Config>,
  facts: CodecFacts,
  { encoder, decoder, seconds }: BoundedParts,
): BoundedTokenizer {
  const { sampleRate, hopLength } = facts;
  const windows: WindowFacts = { sampleRate, hopLength, ...encoder };
  const step = windowPlan(windows, seconds).frames;
  const bounds = { ...facts, ...decoder };
  const decode = async (ids: HostTensor, _from: number, { signal }: DecodeOptions) => {
    const { audio } = await model.run('decode', { ids }, signal ? { signal } : {});
    return audio!;
  };
  const longClip = longClipDecoder(bounds, { decode }, step);
  const tokenizer = feedForwardTokenizer<Config, AudioInput, AudioSignal>(model, {
    ...audioRooms(facts),
    capabilities: ['encodeStream', 'decodeStream', 'latents', 'codes'],
    runEncoder: boundedClipEncoder(model, windows, step),
    async runDecoder({ ids }, options) {
      return { audio: await longClip(ids!, options) };
    },
  });
  return {
    ...tokenizer,
    ...audioLatents(model, facts),
    encodeStream: streamEncoder(model, { facts, encode: boundedBlockEncoder(model, windows) }),
    decodeStream: boundedDecoder(tokenizer.info, bounds, { decode }),
  };
}
