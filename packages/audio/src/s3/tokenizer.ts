import {
  assertOwnTokens,
  encodeOnlyTokenizer,
  type HostTensor,
  InputError,
  type Model,
  type Tokens,
} from '@tesserae/core';
import type { AudioInput } from '@tesserae/core/data';
import { audioEncoderRooms, type CodecFacts } from '../tokenizer/audio-rooms';
import type { AudioEncodeOptions, AudioEncoder, AudioLatents } from '../tokenizer/audio-tokenizer';
import { codesOfLevels } from '../tokenizer/code-levels';
import { withoutBatch } from '../tokenizer/host-audio';
import { framesPerToken, type S3Config } from './config';
import { encodeRecording, type RecordingOptions } from './encode-recording';
import { sampleRate, tooFewSamples } from './spectrum';

export interface S3EncodeOptions extends AudioEncodeOptions, RecordingOptions {}

/** Encodes only: the way back to sound is CosyVoice's flow matching and vocoder, with a speaker's voice given. */
export interface S3Tokenizer extends AudioEncoder, AudioLatents {
  encode(input: AudioInput, options?: S3EncodeOptions): Promise<Tokens>;
  encodeBatch(inputs: readonly AudioInput[], options?: S3EncodeOptions): Promise<Tokens[]>;
  /** Before the quantizer, `[tokens, width]`, float32. */
  latents(input: AudioInput, options?: S3EncodeOptions): Promise<HostTensor>;
  /** Code vectors `[tokens, width]` (version 1), or the digits `[tokens, 8]` of -1, 0 and 1, float32. */
  codes(tokens: Tokens): Promise<HostTensor>;
}

/**
 * One level of ids, `[tokens]`: speech at 16 kHz, 25 or 50 a second.
 *
 * Up to 30 s are encoded at once, more in overlapping windows as the official code does it, one after the other.
 */
export function s3Tokenizer(model: Model<S3Config>): S3Tokenizer {
  const { config } = model;
  const facts: CodecFacts = {
    sampleRate,
    channels: 1,
    hopLength: 160 * framesPerToken(config),
    codebookSize: config.codebookSize,
    codebooks: 1,
    prefixUnit: 'none',
  };
  const rooms = audioEncoderRooms(facts);
  const prepare: typeof rooms.prepare = async (input, options) => {
    const prepared = await rooms.prepare(input, options);
    const samples = prepared.inputs['audio']!.shape[1]!;
    if (samples > tooFewSamples) return prepared;
    throw new InputError('input', `more than ${tooFewSamples} samples at ${sampleRate} Hz (12.5 ms)`, `${samples}`, {
      code: 'unsupported-size',
    });
  };
  const tokenizer = encodeOnlyTokenizer<S3Config, AudioInput>(model, {
    ...rooms,
    prepare,
    capabilities: ['latents', 'codes'],
    async runEncoder({ audio }, options: S3EncodeOptions) {
      const outputs = await encodeRecording(model, 'encode', audio!, options);
      return Object.fromEntries(
        Object.entries(outputs).map(([name, { shape, data }]) => [name, { shape: [1, 1, shape[0]!], data }]),
      );
    },
  });
  return {
    ...tokenizer,
    async latents(input, options = {}) {
      options.signal?.throwIfAborted();
      const { inputs } = await prepare(input, options);
      const { latents } = await encodeRecording(model, 'latents', inputs['audio']!, options);
      return latents!;
    },
    async codes(tokens) {
      assertOwnTokens(tokens, tokenizer.info);
      const { codes } = await model.run('codes', { ids: codesOfLevels(tokens) });
      return withoutBatch(codes!);
    },
  };
}
