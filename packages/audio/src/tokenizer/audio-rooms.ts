import type {
  AudioInput,
  DecodeOptions,
  DecoderRooms,
  EncodeOptions,
  EncoderRooms,
  HostTensor,
  HostTensors,
  LevelInfo,
  PrefixUnit,
} from '@tesserae/core';
import type { AudioSignal } from '@tesserae/core/data';
import { codeLevels, codesOfLevels } from './code-levels';
import { finishAudio } from './finish-audio';
import { audioTensor, channelsOf } from './host-audio';
import { type AudioTarget, prepareAudio } from './prepare-audio';

/** What a system says about its codes. */
export interface CodecFacts extends AudioTarget {
  /** Samples of the model's rate a frame; of the finest level where they differ. */
  readonly hopLength: number;
  /** Codes of every codebook. */
  readonly codebookSize: number;
  /** Levels, coarse to fine. */
  readonly codebooks: number;
  /** `level` where the first codebooks decode without the others, `none` otherwise. */
  readonly prefixUnit: PrefixUnit;
}

/**
 * The rooms that encode-only audio systems share: `encode` takes `{ audio: [1, T, channels] }` and gives
 * `{ ids, margins }` of `[codebooks, 1, frames]`. Spread them and replace what differs.
 */
export function audioEncoderRooms(facts: CodecFacts): EncoderRooms<AudioInput> {
  const { sampleRate, channels, hopLength, codebookSize, codebooks, prefixUnit } = facts;
  const level: LevelInfo = { vocabularySize: codebookSize, shape: ['variable'], axes: ['time'] };
  return {
    info: {
      modality: 'audio',
      kind: 'index',
      bitsPerToken: Math.log2(codebookSize),
      prefixUnit,
      deterministic: true,
      levels: new Array<LevelInfo>(codebooks).fill(level),
      signal: { sampleRate, channels, hopLength, tokensPerSecond: sampleRate / hopLength },
    },
    async prepare(input: AudioInput, options: EncodeOptions) {
      const { signal, source } = await prepareAudio(input, facts, options);
      return { inputs: { audio: audioTensor(signal.channels) }, source };
    },
    collect: ({ ids, margins }) => codeLevels(ids!, margins, codebookSize),
  };
}

/**
 * The rooms that audio codecs share: {@link audioEncoderRooms}, and `decode` takes `{ ids: [codebooks, 1, frames] }` and
 * gives `{ audio: [1, T, channels] }`. What comes back is as long as what was encoded.
 */
export function audioRooms(facts: CodecFacts): EncoderRooms<AudioInput> & DecoderRooms<AudioSignal> {
  return {
    ...audioEncoderRooms(facts),
    restore: (tokens): { readonly [name: string]: HostTensor } => ({ ids: codesOfLevels(tokens) }),
    finish: ({ audio }: HostTensors, tokens, options: DecodeOptions) =>
      finishAudio(channelsOf(audio!), facts.sampleRate, tokens, options),
  };
}
