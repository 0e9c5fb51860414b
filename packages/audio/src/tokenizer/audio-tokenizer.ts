import type {
  AudioInput,
  AudioSignal,
  DecodeOptions,
  EncodeOnlyTokenizer,
  EncodeOptions,
  HostTensor,
  StreamingDecoder,
  StreamingEncoder,
  Tokenizer,
  Tokens,
} from '@tesserae/core';
import type { MonoPolicy } from '../dsp/mono';
import type { ReadAudioOptions } from '../io/read-options';

export interface AudioEncodeOptions extends EncodeOptions, Pick<ReadAudioOptions, 'maxBytes' | 'raw' | 'ffmpeg'> {
  /**
   * How several channels become the one that a mono model takes. Without it they are refused: mix them here, or encode
   * each one by itself (`splitChannels`).
   */
  readonly mono?: MonoPolicy;
}

export interface AudioDecodeOptions extends DecodeOptions {
  /**
   * Rate of the sound that comes back: that of the model (default), the one of the source, or Hz. Where it is that of
   * the source or of the model, there are exactly as many samples as were encoded.
   */
  readonly sampleRate?: 'model' | 'source' | number;
}

/** What every audio system gives; all that encode-only ones give. */
export interface AudioEncoder extends EncodeOnlyTokenizer<AudioInput> {
  encode(input: AudioInput, options?: AudioEncodeOptions): Promise<Tokens>;
  encodeBatch(inputs: readonly AudioInput[], options?: AudioEncodeOptions): Promise<Tokens[]>;
}

/** What every audio system with a decoder gives. */
export interface AudioTokenizer extends AudioEncoder, Tokenizer<AudioInput, AudioSignal> {
  encode(input: AudioInput, options?: AudioEncodeOptions): Promise<Tokens>;
  encodeBatch(inputs: readonly AudioInput[], options?: AudioEncodeOptions): Promise<Tokens[]>;
  decode(tokens: Tokens, options?: AudioDecodeOptions): Promise<AudioSignal>;
  decodeBatch(tokens: readonly Tokens[], options?: AudioDecodeOptions): Promise<AudioSignal[]>;
}

export interface AudioStreamOptions {
  /** Seconds that are worked on at a time; at least 16 frames. Default 1: less answers sooner and takes more work. */
  readonly windowSeconds?: number;
}

/** Encodes sound while it arrives; blocks have one rate and one number of channels, and any lengths. */
export interface AudioStreamEncoder extends StreamingEncoder<AudioSignal> {
  encodeStream(
    source: AsyncIterable<AudioSignal>,
    options?: AudioEncodeOptions & AudioStreamOptions,
  ): AsyncGenerator<Tokens>;
}

/** Decodes chunks of tokens while they arrive, at the rate of the model. */
export interface AudioStreamDecoder extends StreamingDecoder<AudioSignal> {
  decodeStream(
    chunks: AsyncIterable<Tokens>,
    options?: DecodeOptions & AudioStreamOptions & { readonly exact?: boolean },
  ): AsyncGenerator<AudioSignal>;
}

/** The vectors on both sides of the quantizer. */
export interface AudioLatents {
  /** Before the quantizer, `[frames, dimension]`, float32. */
  latents(input: AudioInput, options?: AudioEncodeOptions): Promise<HostTensor>;
  /** Code vectors of ids, as the decoder sees them, `[frames, dimension]`, float32. */
  codes(tokens: Tokens): Promise<HostTensor>;
}
