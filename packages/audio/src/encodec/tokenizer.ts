import {
  feedForwardTokenizer,
  type HostTensor,
  type HostTensors,
  InputError,
  type Model,
  type RunOptions,
  type SourceFacts,
  type TokenLevel,
  type Tokens,
} from '@tesserae/core';
import type { AudioInput, AudioSignal } from '@tesserae/core/data';
import { hopLength } from '../seanet/config';
import type { AudioEncodeOptions, AudioTokenizer } from '../tokenizer/audio-tokenizer';
import { audioTensor, channelsOf, modelSamples, prepareAudio } from '../tokenizer/prepare-audio';
import { codebooksFor, type EncodecConfig, frameRate } from './config';
import { overlapAdd, segmentSizes, segmentsOf } from './segments';

export interface EncodecEncodeOptions extends AudioEncodeOptions {
  /** kbit/s, one of the published ones; default 6. `prefix` counts codebooks instead. */
  readonly bandwidth?: number;
}

export interface EncodecTokenizer extends AudioTokenizer {
  encode(input: AudioInput, options?: EncodecEncodeOptions): Promise<Tokens>;
  encodeBatch(inputs: readonly AudioInput[], options?: EncodecEncodeOptions): Promise<Tokens[]>;
}

/** Name of the model function that encodes with some codebooks. */
export function encodeFunction(codebooks: number): string {
  return `encode-${codebooks}`;
}

/** One level a codebook, coarse to fine; frames of all segments one after the other. */
export function encodecTokenizer(model: Model<EncodecConfig>): EncodecTokenizer {
  const { config } = model;
  const { sampleRate, seanet, codebooks, codebookSize } = config;
  const target = { sampleRate, channels: seanet.channels };
  return feedForwardTokenizer<EncodecConfig, AudioInput, AudioSignal>(segmented(model), {
    info: {
      modality: 'audio',
      kind: 'index',
      bitsPerToken: Math.log2(codebookSize),
      prefixUnit: 'level',
      deterministic: true,
      levels: Array.from({ length: codebooks }, () => ({
        vocabularySize: codebookSize,
        shape: ['variable'] as const,
        axes: ['time'] as const,
      })),
      signal: { sampleRate, channels: seanet.channels, hopLength: hopLength(seanet), tokensPerSecond: frameRate(config) },
    },
    encodeFunction: (options) => encodeFunction(codebooksOf(config, options)),
    async prepare(input, options) {
      const { signal, source } = await prepareAudio(input, target, model.pipeline, options);
      return { inputs: { audio: audioTensor(signal) }, source };
    },
    collect: (outputs, source) => levelsOf(outputs, source, config),
    restore(tokens): HostTensors {
      const frames = tokens.levels[0]!.shape[0]!;
      const data = new Int32Array(tokens.levels.length * frames);
      tokens.levels.forEach((level, index) => data.set(level.data as Int32Array, index * frames));
      const samples = modelSamples(tokens, sampleRate);
      const scales = (tokens.source as AudioFacts).scales ?? [];
      return {
        ids: { shape: [tokens.levels.length, 1, frames], data },
        scales: { shape: [scales.length], data: Float32Array.from(scales) },
        samples: { shape: [1], data: Int32Array.of(samples) },
      };
    },
    finish: ({ audio }, tokens): AudioSignal => {
      const samples = modelSamples(tokens, sampleRate);
      return { modality: 'audio', sampleRate, channels: channelsOf(audio!).map((channel) => channel.slice(0, samples)) };
    },
  });
}

type AudioFacts = Extract<SourceFacts, { readonly modality: 'audio' }>;

function codebooksOf(config: EncodecConfig, { prefix, bandwidth }: EncodecEncodeOptions): number {
  if (prefix === undefined) return codebooksFor(config, bandwidth);
  if (prefix > config.codebooks) throw new InputError('prefix', `at most ${config.codebooks} codebooks`, `${prefix}`);
  return prefix;
}

function levelsOf({ ids, margins }: HostTensors, source: SourceFacts, config: EncodecConfig): readonly TokenLevel[] {
  const [codebooks = 0, , frames = 0] = ids!.shape;
  void source;
  return Array.from({ length: codebooks }, (_, index) => {
    const range = [index * frames, (index + 1) * frames] as const;
    return {
      kind: 'index',
      vocabularySize: config.codebookSize,
      shape: [frames],
      axes: ['time'],
      data: ids!.data.slice(...range) as Int32Array,
      ...(margins && { margins: margins.data.slice(...range) as Float32Array }),
    };
  });
}
