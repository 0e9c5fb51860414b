import {
  assertOwnTokens,
  type DecodeOptions,
  feedForwardTokenizer,
  type HostTensor,
  type HostTensors,
  type Model,
  type Tokens,
  UnsupportedError,
} from '@tesserae/core';
import type { AudioInput, AudioSignal } from '@tesserae/core/data';
import { hopLength } from '../seanet/config';
import { encoderContext } from '../seanet/reach';
import { audioLatents } from '../tokenizer/audio-latents';
import { audioRooms, type CodecFacts } from '../tokenizer/audio-rooms';
import type {
  AudioEncodeOptions,
  AudioLatents,
  AudioStreamDecoder,
  AudioStreamEncoder,
  AudioStreamOptions,
  AudioTokenizer,
} from '../tokenizer/audio-tokenizer';
import { longCausalDecoder } from '../tokenizer/causal-decoder';
import { longStatefulEncoder, statefulBlockEncoder } from '../tokenizer/encode-windows';
import { audioSource, modelSamples } from '../tokenizer/finish-audio';
import { type WindowFacts, windowPlan } from '../tokenizer/frame-windows';
import { streamEncoder } from '../tokenizer/stream-encoder';
import { bandwidthsOf, canStreamDecode, canStreamEncode, codebooksFor, type EncodecConfig } from './config';
import { type EcdcOptions, readEcdc, writeEcdc } from './ecdc';
import { encodeFunction } from './functions';
import { decodeSegments, encodeSegments, scalesOf, segmentsFor } from './run-segments';
import { clipDecoder } from './stream-causal';
import { segmentDecoder, segmentEncoder } from './stream-segments';

export interface EncodecEncodeOptions extends AudioEncodeOptions {
  /** kbit/s, one of the published ones; default 6. `prefix` counts codebooks instead. */
  readonly bandwidth?: number;
}

export interface EncodecTokenizer extends AudioTokenizer, AudioLatents, AudioStreamEncoder, AudioStreamDecoder {
  encode(input: AudioInput, options?: EncodecEncodeOptions): Promise<Tokens>;
  encodeBatch(inputs: readonly AudioInput[], options?: EncodecEncodeOptions): Promise<Tokens[]>;
  encodeStream(
    source: AsyncIterable<AudioSignal>,
    options?: EncodecEncodeOptions & AudioStreamOptions,
  ): AsyncGenerator<Tokens>;
  /** Tokens of an `.ecdc` file. @throws {InputError} `undecodable`. */
  fromEcdc(bytes: Uint8Array, options?: EcdcOptions): Tokens;
  /** An `.ecdc` file, entropy-coded where a language model is given. @throws {TokensError} Tokens of other weights. */
  toEcdc(tokens: Tokens, options?: EcdcOptions & Pick<DecodeOptions, 'allowMismatch'>): Uint8Array;
}

/** Of a window of a long clip. */
const longSeconds = 5;

/** One level a codebook, coarse to fine; frames of all segments one after the other, a scale for each in `source`. */
export function encodecTokenizer(model: Model<EncodecConfig>): EncodecTokenizer {
  const { config } = model;
  const { sampleRate, seanet, codebooks, codebookSize } = config;
  const hop = hopLength(seanet);
  const facts: CodecFacts = {
    sampleRate,
    channels: seanet.channels,
    hopLength: hop,
    codebookSize,
    codebooks,
    prefixUnit: 'level',
  };
  const rooms = audioRooms(facts);
  const functionOf = (options: EncodecEncodeOptions) => encodeFunction(codebooksOf(config, options));
  const windows: WindowFacts = { sampleRate, hopLength: hop, ...encoderContext(seanet) };
  const streams = canStreamEncode(config);
  const longClipCodes = longStatefulEncoder(model, sampleRate, windowPlan(windows, longSeconds), functionOf);
  const decoder = { ...facts, minimumFrames: seanet.kernelSize };
  const longClipSound = longCausalDecoder(model, decoder, longSeconds);
  const tokenizer = feedForwardTokenizer<EncodecConfig, AudioInput, AudioSignal>(model, {
    ...rooms,
    capabilities: ['encodeStream', 'decodeStream', ...(streams ? (['latents'] as const) : []), 'codes'],
    async prepare(input, options) {
      const { inputs, source } = await rooms.prepare(input, options);
      const scales = scalesOf(inputs['audio']!, config);
      return { inputs, source: scales ? ({ ...source, scales } as typeof source) : source };
    },
    runEncoder: streams
      ? longClipCodes
      : (inputs, options) => encodeSegments(model, functionOf(options), inputs['audio']!, options),
    restore: (tokens, options): HostTensors => ({
      ...rooms.restore(tokens, options),
      ...lengthAndScales(tokens, sampleRate),
    }),
    runDecoder({ ids, samples, scales }, options) {
      const segments = segmentsFor(config, ids!, samples!.data[0]!, [...(scales?.data ?? [])]);
      return canStreamDecode(config)
        ? longClipSound({ ids: ids! }, options)
        : decodeSegments(model, ids!, segments, options);
    },
  });
  const { latents, codes } = audioLatents(model, facts);
  return {
    ...tokenizer,
    codes,
    async latents(input, options) {
      if (streams) return latents(input, options);
      throw new UnsupportedError('latents', 'this model encodes segments of a clip by themselves.');
    },
    encodeStream: streams
      ? streamEncoder(model, { facts, encode: statefulBlockEncoder(model, facts.channels, windows, functionOf) })
      : segmentEncoder(model, facts, functionOf),
    fromEcdc: (bytes, options) => readEcdc(bytes, model, options),
    toEcdc(tokens, options = {}) {
      assertOwnTokens(tokens, tokenizer.info, options);
      return writeEcdc(tokens, model, options);
    },
    decodeStream: streams ? clipDecoder(model, tokenizer, decoder) : segmentDecoder(model, tokenizer.info),
  };
}

/** The codebooks of the bandwidth, or of the least one that has as many as `prefix` asks for. */
function codebooksOf(config: EncodecConfig, { prefix, bandwidth }: EncodecEncodeOptions): number {
  if (prefix === undefined || bandwidth !== undefined) return codebooksFor(config, bandwidth);
  const counts = [...bandwidthsOf(config).values(), config.codebooks];
  return Math.min(...counts.filter((count) => count >= prefix), config.codebooks);
}

function lengthAndScales(tokens: Tokens, sampleRate: number): { readonly [name: string]: HostTensor } {
  const { scales } = audioSource(tokens);
  return {
    samples: { shape: [1], data: Int32Array.of(modelSamples(tokens, sampleRate)) },
    ...(scales && { scales: { shape: [scales.length], data: Float32Array.from(scales) } }),
  };
}
