import type * as tf from '@tensorflow/tfjs-core';
import type { HostTensor, RunOptions } from '@tesserae/core';
import { characterBlocks } from '../sat/block-inputs';
import { characterHashes } from '../sat/character-hashes';
import { planBlocks } from '../sat/plan-blocks';
import { type PunctuationMixture, punctuationProbabilities } from '../sat/punctuation-mixture';
import { runBlocks } from '../sat/run-blocks';
import type { ProbabilityOptions } from '../sat/sat';
import { type ParagraphOptions, splitParagraphs, type SplitOptions, splitSentences } from '../sat/split-sentences';
import { endProbabilities } from '../sat/token-scores';
import { isBlank } from '../unicode/python-space';

export interface CharacterOptions extends ProbabilityOptions {
  /** Code of a language, which models with adapters need; `wtpLanguages` lists them. */
  readonly language?: string;
  /** Tells sentences by all labels, as it was fitted for a language and a style. Default: by the first label alone. */
  readonly mixture?: PunctuationMixture;
  /** Shows the model the text without spaces, which then end nothing. Default false. */
  readonly removeSpaces?: boolean;
}

/** What a model over characters takes. */
export interface CharacterInputs {
  readonly [name: string]: tf.Tensor;
  /** `[B, N, hashes]`, int32. */
  readonly ids: tf.Tensor3D;
  /** `[B, N]`, float32. */
  readonly mask: tf.Tensor2D;
}

/** Finds ends of sentences by characters. */
export interface CharacterSplitter {
  /** Logits of every code point, `[characters, labels]`; minus infinity for spaces that were removed. */
  characterLogits(texts: readonly string[], options?: CharacterOptions): Promise<Float32Array[]>;
  /** Probability of an end behind every code point, 0..1. Default stride 256, where all else has 64. */
  probabilities(texts: readonly string[], options?: CharacterOptions): Promise<Float32Array[]>;
  /** Sentences of a text. Default threshold: that of the mixture, or 0.01. Line feeds stay unless `splitNewlines` is true. */
  split(text: string, options?: SplitOptions & CharacterOptions): Promise<string[]>;
  /** Sentences of paragraphs. Default threshold as in {@link CharacterSplitter.split}. */
  splitParagraphs(text: string, options?: ParagraphOptions & CharacterOptions): Promise<string[][]>;
}

export interface CharacterModel {
  readonly hashes: number;
  readonly buckets: number;
  readonly labels: number;
  /** Blocks are filled up to a multiple of this. Default 1. */
  readonly multipleOf?: number;
  /**
   * @param ids - `[B, N, hashes]`.
   * @param mask - `[B, N]`.
   * @returns Logits, `[B, N, labels]`.
   */
  run(ids: HostTensor, mask: HostTensor, options: RunOptions & { readonly language?: string }): Promise<HostTensor>;
}

/** What all WtP models do with their logits (`WtP` of wtpsplit). */
export function characterSplitter(model: CharacterModel): CharacterSplitter {
  const { hashes, buckets, labels, multipleOf = 1 } = model;
  const characterLogits: CharacterSplitter['characterLogits'] = async (texts, options = {}) => {
    const { stride, blockSize, language, removeSpaces = false, mixture: _, ...runOptions } = options;
    const shown = texts.map((text) => (removeSpaces ? text.replaceAll(' ', '') : text));
    const ids = shown.map((text) => characterHashes(isBlank(text) ? '' : text, { hashes, buckets }));
    const plan = planBlocks(
      ids.map(({ length }) => length / hashes),
      {
        modelLimit: buckets,
        multipleOf,
        ...(stride !== undefined && { stride }),
        ...(blockSize !== undefined && { blockSize }),
      },
    );
    const logits = await runBlocks(
      plan,
      characterBlocks(plan, ids, hashes),
      {
        frame: 0,
        numbers: hashes,
        labels,
        run: (rows, mask, inner) =>
          model.run(
            { ...rows, shape: [...mask.shape, hashes] },
            mask,
            language === undefined ? inner : { ...inner, language },
          ),
      },
      runOptions,
    );
    return logits.map((values, index) => spread(texts[index]!, values, labels, removeSpaces));
  };
  const byMixture = (logits: Float32Array, { mixture }: CharacterOptions): Float32Array =>
    mixture ? punctuationProbabilities(logits, labels, mixture) : endProbabilities(logits, labels);
  const withDefaults = <Options extends CharacterOptions & SplitOptions>(options: Options) => ({
    threshold: options.mixture?.threshold ?? 0.01,
    splitNewlines: false,
    ...options,
  });
  return {
    characterLogits,
    probabilities: async (texts, options = {}) =>
      (await characterLogits(texts, { stride: 256, ...options })).map((logits) => byMixture(logits, options)),
    async split(text, options = {}) {
      const [logits] = await characterLogits([text], options);
      return splitSentences(text, byMixture(logits!, options), withDefaults(options));
    },
    async splitParagraphs(text, options = {}) {
      const [logits] = await characterLogits([text], options);
      const paragraphProbabilities = endProbabilities(logits!, labels);
      return splitParagraphs(text, byMixture(logits!, options), { ...withDefaults(options), paragraphProbabilities });
    },
  };
}

/** Logits in the places of their characters: none for text without any, and for spaces that were removed. */
function spread(text: string, logits: Float32Array, labels: number, removeSpaces: boolean): Float32Array {
  const characters = [...text];
  if (logits.length === characters.length * labels) return logits;
  const all = new Float32Array(characters.length * labels).fill(-Infinity);
  if (logits.length === 0) return all;
  let from = 0;
  for (const [place, character] of characters.entries()) {
    if (removeSpaces && character === ' ') continue;
    all.set(logits.subarray(from, from + labels), place * labels);
    from += labels;
  }
  return all;
}
