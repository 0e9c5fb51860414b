import type { HostTensors, Model, TokenLevel } from '@tesserae/core';
import { Tokens } from '@tesserae/core/data';
import type { CodecFacts } from './audio-rooms';
import type { AudioEncodeOptions, AudioStreamEncoder } from './audio-tokenizer';
import { codeLevels } from './code-levels';
import type { BlockEncoder } from './encode-windows';
import { prepareStream, type StreamFacts } from './prepare-stream';

/** Seconds of a window of a stream. */
export const defaultWindowSeconds = 1;

export interface StreamEncoderParts {
  readonly facts: CodecFacts;
  /** Samples a frame of the windows. Default: of the codec. */
  readonly hopLength?: number;
  readonly encode: BlockEncoder<AudioEncodeOptions>;
  /** Default: a level a codebook, as the rooms of codecs collect them. */
  readonly collect?: (outputs: HostTensors) => readonly TokenLevel[];
}

/**
 * `encodeStream` of a codec whose frames look only so far: tokens come a window at a time, the same whatever blocks
 * the sound comes in; joined they are those of `encode`, up to near-ties.
 */
export function streamEncoder(
  model: Pick<Model<unknown>, 'identity'>,
  {
    facts,
    hopLength = facts.hopLength,
    encode,
    collect = ({ ids, margins }) => codeLevels(ids!, margins, facts.codebookSize),
  }: StreamEncoderParts,
): AudioStreamEncoder['encodeStream'] {
  const { prefixUnit } = facts;
  return async function* encodeStream(source, options = {}) {
    const { onProgress, prefix, windowSeconds = defaultWindowSeconds } = options;
    const stream = prepareStream(source, facts, options);
    const counted = sourceSamples(facts.sampleRate);
    let frames = 0;
    for await (const { outputs, isLast } of encode(stream.blocks(), windowSeconds, options)) {
      const given = stream.facts()!;
      frames += outputs['ids']!.shape[2]!;
      const samples = counted(frames * hopLength, given, isLast);
      const { pipeline, sampleRate } = given;
      const tokens = new Tokens({
        tokenizer: model.identity,
        levels: levelsFor(collect(outputs), options),
        source: { modality: 'audio', pipeline, sampleRate, samples },
        prefixUnit,
      });
      const completed = given.samples / sampleRate;
      onProgress?.({ stage: 'encode', completed, unit: 'seconds', label: 'encodeStream' });
      yield prefix === undefined ? tokens : tokens.prefix(prefix);
    }
  };
}

/**
 * Counts the samples of the source that each chunk of tokens stands for; they add up to all of them.
 *
 * @returns Takes the samples, at the rate of the model, that all chunks so far stand for.
 */
export function sourceSamples(modelRate: number) {
  let counted = 0;
  return (modelSamples: number, { sampleRate, samples }: StreamFacts, isLast: boolean): number => {
    const until = isLast ? samples : Math.min(samples, Math.floor((modelSamples * sampleRate) / modelRate));
    const own = until - counted;
    counted = until;
    return own;
  };
}

/** Levels as options ask for them. */
export function levelsFor(levels: readonly TokenLevel[], { margins }: AudioEncodeOptions): readonly TokenLevel[] {
  return margins ? levels : levels.map(withoutMargins);
}

function withoutMargins({ margins: _, ...level }: TokenLevel): TokenLevel {
  return level as TokenLevel;
}
