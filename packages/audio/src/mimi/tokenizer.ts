import { feedForwardTokenizer, type Model, type Tokens } from '@tesserae/core';
import type { AudioInput, AudioSignal } from '@tesserae/core/data';
import { audioLatents } from '../tokenizer/audio-latents';
import { audioRooms, type CodecFacts } from '../tokenizer/audio-rooms';
import type {
  AudioDecodeOptions,
  AudioEncodeOptions,
  AudioLatents,
  AudioStreamDecoder,
  AudioStreamEncoder,
  AudioStreamOptions,
  AudioTokenizer,
} from '../tokenizer/audio-tokenizer';
import { causalDecoder, type CausalDecoderFacts, longCausalDecoder } from '../tokenizer/causal-decoder';
import { longStatefulEncoder, statefulBlockEncoder } from '../tokenizer/encode-windows';
import { type WindowFacts, windowPlan } from '../tokenizer/frame-windows';
import { streamEncoder } from '../tokenizer/stream-encoder';
import { frameLength, type MimiConfig } from './config';
import { codebookCounts, decodeFunction, encodeFunction, type MimiView } from './functions';
import { frameContext } from './network';

/** `prefix` is the number of codebooks: 8 by default, up to 32. */
export interface MimiEncodeOptions extends AudioEncodeOptions, MimiView {}

export interface MimiDecodeOptions extends AudioDecodeOptions, MimiView {}

export interface MimiTokenizer extends AudioTokenizer, AudioLatents, AudioStreamEncoder, AudioStreamDecoder {
  encode(input: AudioInput, options?: MimiEncodeOptions): Promise<Tokens>;
  encodeBatch(inputs: readonly AudioInput[], options?: MimiEncodeOptions): Promise<Tokens[]>;
  decode(tokens: Tokens, options?: MimiDecodeOptions): Promise<AudioSignal>;
  decodeBatch(tokens: readonly Tokens[], options?: MimiDecodeOptions): Promise<AudioSignal[]>;
  encodeStream(
    source: AsyncIterable<AudioSignal>,
    options?: MimiEncodeOptions & AudioStreamOptions,
  ): AsyncGenerator<Tokens>;
  decodeStream(
    chunks: AsyncIterable<Tokens>,
    options?: MimiDecodeOptions & AudioStreamOptions & { readonly exact?: boolean },
  ): AsyncGenerator<AudioSignal>;
}

/** Of a window of a long clip. */
const longSeconds = 5;

/**
 * One level a codebook, the semantic one first, `[frames]`; the first ones decode without the others.
 *
 * Nothing looks ahead: `encodeStream` and `decodeStream` give what whole clips give, up to near-ties. The official code
 * streams with attention that has lost its oldest step once its window is full: `framewise` gives those ids and sounds,
 * whole and streamed alike.
 */
export function mimiTokenizer(model: Model<MimiConfig>): MimiTokenizer {
  const { config } = model;
  const { sampleRate, seanet, codebooks, codebookSize } = config;
  const hop = frameLength(config);
  const facts: CodecFacts = {
    sampleRate,
    channels: seanet.channels,
    hopLength: hop,
    codebookSize,
    codebooks,
    prefixUnit: 'level',
  };
  const rooms = audioRooms(facts);
  const functionOf = (options: MimiEncodeOptions) => encodeFunction(codebooksFor(config, options), options);
  const windows: WindowFacts = { sampleRate, hopLength: hop, ...frameContext(config) };
  const decoder: CausalDecoderFacts = {
    sampleRate,
    hopLength: hop,
    minimumFrames: seanet.kernelSize,
    functionOf: (options: MimiDecodeOptions) => decodeFunction(options),
  };
  const tokenizer = feedForwardTokenizer<MimiConfig, AudioInput, AudioSignal>(model, {
    ...rooms,
    capabilities: ['encodeStream', 'decodeStream', 'latents', 'codes'],
    runEncoder: longStatefulEncoder(model, sampleRate, windowPlan(windows, longSeconds), functionOf),
    runDecoder: longCausalDecoder(model, decoder, longSeconds),
  });
  return {
    ...tokenizer,
    ...audioLatents(model, facts),
    encodeStream: streamEncoder(model, {
      facts,
      encode: statefulBlockEncoder(model, facts.channels, windows, functionOf),
    }),
    decodeStream: causalDecoder(model, tokenizer.info, decoder),
  };
}

/** The usual number of codebooks, or the least compiled one that has as many as `prefix` asks for. */
function codebooksFor(config: MimiConfig, { prefix = config.usedCodebooks }: MimiEncodeOptions): number {
  return codebookCounts(config).find((count) => count >= prefix) ?? config.codebooks;
}
