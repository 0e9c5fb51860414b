import type { AudioInput, AudioSignal, EncodeOptions, Tokenizer, Tokens } from '@tesserae/core';
import type { MonoPolicy } from '../dsp/mono';
import type { ReadAudioOptions } from '../io/read-audio';

export interface AudioEncodeOptions extends EncodeOptions, Pick<ReadAudioOptions, 'maxBytes'> {
  /**
   * How several channels become the one that a mono model takes. Without it they are refused: mix them here, or encode
   * each one by itself (`splitChannels`).
   */
  readonly mono?: MonoPolicy;
}

/** What every audio system with a decoder gives. */
export interface AudioTokenizer extends Tokenizer<AudioInput, AudioSignal> {
  encode(input: AudioInput, options?: AudioEncodeOptions): Promise<Tokens>;
  encodeBatch(inputs: readonly AudioInput[], options?: AudioEncodeOptions): Promise<Tokens[]>;
}
