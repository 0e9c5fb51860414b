import { type EncoderRooms, type HostTensor, type HostTensors, type IndexLevel, InputError } from '@tesserae/core';
import type { AudioInput } from '@tesserae/core/data';
import { audioEncoderRooms } from '../tokenizer/audio-rooms';
import type { AudioEncodeOptions } from '../tokenizer/audio-tokenizer';
import { type AudioSource, prepareAudio } from '../tokenizer/prepare-audio';
import { beatsFilterBank, framesOfSamples, melBins, sampleRate, samplesOfFrames } from './filter-bank';

/** What both BEATs tokenizers say about their labels. */
export interface PatchFacts {
  /** Frames and bands of a patch. */
  readonly patchSize: number;
  readonly codebookSize: number;
  /** Of the longest clip; absent: any. */
  readonly mostLabels?: number;
}

/** Labels of a step of time. */
export function bandsOf({ patchSize }: Pick<PatchFacts, 'patchSize'>): number {
  return Math.floor(melBins / patchSize);
}

/** Samples from one step of time to the next. */
export function stepLength({ patchSize }: Pick<PatchFacts, 'patchSize'>): number {
  return samplesOfFrames(patchSize + 1) - samplesOfFrames(1);
}

/** Rate and channels of what is heard. */
export const beatsTarget = { sampleRate, channels: 1 } as const;

/** A clip as the model functions take it. */
interface PreparedBank {
  /** `[1, frames, 128]`, whole patches only. */
  readonly bank: HostTensor;
  readonly source: AudioSource;
}

/**
 * A clip as its filter bank.
 *
 * @throws {InputError} As `prepareAudio`; `unsupported-size`: not one patch, or more labels than the most.
 */
export async function prepareBank(
  input: AudioInput,
  facts: Pick<PatchFacts, 'patchSize' | 'mostLabels'>,
  options: AudioEncodeOptions,
): Promise<PreparedBank> {
  const { signal, source } = await prepareAudio(input, beatsTarget, options);
  const samples = signal.channels[0]!;
  const steps = Math.floor(framesOfSamples(samples.length) / facts.patchSize);
  const fault = faultOf(steps, facts);
  if (fault !== undefined) throw sizeError(fault, samples.length);
  return { bank: beatsFilterBank(samples, steps * facts.patchSize), source };
}

/** Of a sound that is too short or too long. */
export function sizeError(expected: string, samples: number): InputError {
  return new InputError('input', expected, `${samples}`, { code: 'unsupported-size' });
}

/** What a clip of some steps should have been instead. */
export function faultOf(steps: number, { patchSize, mostLabels }: Pick<PatchFacts, 'patchSize' | 'mostLabels'>) {
  if (steps < 1) return `at least ${samplesOfFrames(patchSize)} samples at ${sampleRate} Hz, one patch`;
  if (mostLabels === undefined) return undefined;
  const most = Math.floor(mostLabels / bandsOf({ patchSize }));
  if (steps <= most) return undefined;
  const samples = samplesOfFrames((most + 1) * patchSize) - 1;
  return `at most ${samples} samples at ${sampleRate} Hz: longer recordings are cut into clips first`;
}

/** Rooms of an encode-only tokenizer of patches: one level of `[steps, bands]`. */
export function patchRooms(facts: PatchFacts): EncoderRooms<AudioInput> {
  const { codebookSize } = facts;
  const bands = bandsOf(facts);
  const hopLength = stepLength(facts);
  const { info } = audioEncoderRooms({
    ...beatsTarget,
    hopLength,
    codebookSize,
    codebooks: 1,
    prefixUnit: 'none',
  });
  return {
    info: {
      ...info,
      levels: [{ vocabularySize: codebookSize, shape: ['variable', bands], axes: ['time', 'frequency'] }],
      signal: { ...info.signal, tokensPerSecond: (sampleRate / hopLength) * bands },
    },
    async prepare(input, options) {
      const { bank, source } = await prepareBank(input, facts, options);
      return { inputs: { bank }, source };
    },
    collect: (outputs) => [patchLevel(outputs, facts)],
  };
}

/** Labels `[1, N]` of one clip as a level of `[steps, bands]`. */
export function patchLevel({ ids, margins }: HostTensors, facts: PatchFacts): IndexLevel {
  const bands = bandsOf(facts);
  return {
    kind: 'index',
    vocabularySize: facts.codebookSize,
    shape: [ids!.data.length / bands, bands],
    axes: ['time', 'frequency'],
    data: Int32Array.from(ids!.data),
    ...(margins && { margins: Float32Array.from(margins.data) }),
  };
}
