import { feedForwardTokenizer, type HostTensors, InputError, type Model, type Tokens } from '@tesserae/core';
import type { AudioInput, AudioSignal } from '@tesserae/core/data';
import { hopLength } from '../seanet/config';
import { canStream, encoderContext } from '../seanet/reach';
import { audioLatents } from '../tokenizer/audio-latents';
import { audioRooms, type CodecFacts } from '../tokenizer/audio-rooms';
import type {
  AudioDecodeOptions,
  AudioLatents,
  AudioStreamDecoder,
  AudioStreamEncoder,
  AudioStreamOptions,
  AudioTokenizer,
} from '../tokenizer/audio-tokenizer';
import { crossFadingDecoder } from '../tokenizer/cross-fading-decoder';
import { longStatefulEncoder, statefulBlockEncoder } from '../tokenizer/encode-windows';
import { type WindowFacts, windowPlan } from '../tokenizer/frame-windows';
import { streamEncoder } from '../tokenizer/stream-encoder';
import type { WavtokenizerConfig } from './config';

export interface WavtokenizerDecodeOptions extends AudioDecodeOptions {
  /** Which of the learned conditions the decoder takes (`bandwidth_id`), 0 to 3 in published models. Default 0. */
  readonly condition?: number;
}

export interface WavtokenizerTokenizer extends AudioTokenizer, AudioLatents, AudioStreamEncoder, AudioStreamDecoder {
  decode(tokens: Tokens, options?: WavtokenizerDecodeOptions): Promise<AudioSignal>;
  decodeBatch(tokens: readonly Tokens[], options?: WavtokenizerDecodeOptions): Promise<AudioSignal[]>;
  decodeStream(
    chunks: AsyncIterable<Tokens>,
    options?: Omit<WavtokenizerDecodeOptions, 'sampleRate'> & AudioStreamOptions & { readonly exact?: boolean },
  ): AsyncGenerator<AudioSignal>;
}

/** Of a window of a long clip. */
const longSeconds = 5;

/**
 * One level of ids, `[frames]`.
 *
 * `encodeStream` is exact up to near-ties. The decoder looks at all frames at once: `decodeStream` waits for the end
 * unless `exact: false`, which decodes windows of 3 s with 0.5 s of context and cross-fades of 0.1 s.
 */
export function wavtokenizerTokenizer(model: Model<WavtokenizerConfig>): WavtokenizerTokenizer {
  const { sampleRate, encoder, codebookSize } = model.config;
  const hop = hopLength(encoder);
  const facts: CodecFacts = {
    sampleRate,
    channels: 1,
    hopLength: hop,
    codebookSize,
    codebooks: 1,
    prefixUnit: 'none',
  };
  const rooms = audioRooms(facts);
  const functionOf = () => 'encode';
  const windows: WindowFacts = { sampleRate, hopLength: hop, ...encoderContext(encoder) };
  const tokenizer = feedForwardTokenizer<WavtokenizerConfig, AudioInput, AudioSignal>(model, {
    ...rooms,
    // Every sample depends on every token.
    info: { ...rooms.info, signal: { ...rooms.info.signal, wholeClipDecoder: true } },
    capabilities: ['encodeStream', 'decodeStream', 'latents', 'codes'],
    ...(canStream(encoder) && {
      runEncoder: longStatefulEncoder(model, sampleRate, windowPlan(windows, longSeconds), functionOf),
    }),
    restore: (tokens, options) => ({
      ...rooms.restore(tokens, options),
      ...conditionOf(model.config, options as WavtokenizerDecodeOptions),
    }),
  });
  return {
    ...tokenizer,
    ...audioLatents(model, facts),
    encodeStream: streamEncoder(model, {
      facts,
      encode: statefulBlockEncoder(model, facts.channels, windows, functionOf),
    }),
    decodeStream: crossFadingDecoder(tokenizer, { sampleRate, hopLength: hop, seconds: 3, context: 0.5, fade: 0.1 }),
  };
}

/** The input of adaptive norms. @throws {InputError} No such condition. */
function conditionOf({ backbone }: WavtokenizerConfig, { condition = 0 }: WavtokenizerDecodeOptions): HostTensors {
  const { conditions } = backbone;
  if (!Number.isInteger(condition) || condition < 0 || condition >= Math.max(1, conditions)) {
    throw new InputError('condition', `a whole number in 0..${Math.max(1, conditions) - 1}`, String(condition));
  }
  return conditions === 0 ? {} : { condition: { shape: [1], data: Int32Array.of(condition) } };
}
