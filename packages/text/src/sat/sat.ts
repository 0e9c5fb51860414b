import type * as tf from '@tensorflow/tfjs-core';
import { defineSystem, type Model, modelFunction } from '@tesserae/core';
import { library } from '../library';
import type { TextTokenizer } from '../tokenizer/text-tokenizer';
import { isBlank } from '../unicode/python-space';
import { tokenBlocks } from './block-inputs';
import { parseConfig, type SatConfig } from './config';
import { labelTokens } from './encoder';
import { type BlockOptions, planBlocks } from './plan-blocks';
import { type BatchOptions, runBlocks } from './run-blocks';
import { type ParagraphOptions, splitParagraphs, type SplitOptions, splitSentences } from './split-sentences';
import type { StitchOptions } from './stitch-blocks';
import { endProbabilities, tokenScoresToCharacters } from './token-scores';
import { readWeights, type SatParams } from './weights';

export type ProbabilityOptions = Pick<BlockOptions, 'stride' | 'blockSize'> &
  Omit<StitchOptions, 'labels'> &
  BatchOptions;

/** Finds ends of sentences in text of any language. */
export interface Sat {
  readonly config: SatConfig;
  /**
   * Logits of every code point, `[characters, labels]`: those of a token belong to its last character, others are minus
   * infinity.
   */
  characterLogits(texts: readonly string[], options?: ProbabilityOptions): Promise<Float32Array[]>;
  /** Probability of an end behind every code point, 0..1. Default stride 256, where all else has 64. */
  probabilities(texts: readonly string[], options?: ProbabilityOptions): Promise<Float32Array[]>;
  /** Sentences of a text. Thresholds: {@link satThreshold}. */
  split(text: string, options?: SplitOptions & ProbabilityOptions): Promise<string[]>;
  /** Sentences of paragraphs. */
  splitParagraphs(text: string, options?: ParagraphOptions & ProbabilityOptions): Promise<string[][]>;
  dispose(): Promise<void>;
}

/** A model that has not been told how to make tokens. */
export interface SatModel {
  readonly config: SatConfig;
  /**
   * @param tokenizer - That of XLM-R (`xlm-roberta-base`); its ids are those of the model.
   */
  withTokenizer(tokenizer: TextTokenizer): Sat;
  dispose(): Promise<void>;
}

interface Inputs {
  readonly [name: string]: tf.Tensor;
  readonly ids: tf.Tensor2D;
  readonly mask: tf.Tensor2D;
}

function createSat(model: Model<SatConfig>, tokenizer: TextTokenizer): Sat {
  const { config } = model;
  const { labels } = config;
  const characterLogits: Sat['characterLogits'] = async (texts, options = {}) => {
    const encodings = texts.map((text) =>
      isBlank(text)
        ? undefined
        : tokenizer.encode(text, { addSpecialTokens: false, specials: 'ordinary', offsets: 'codepoint' }),
    );
    const ids = encodings.map((encoding) => encoding?.ids ?? new Int32Array(0));
    const lengths = ids.map(({ length }) => length);
    const { stride, blockSize } = options;
    const plan = planBlocks(lengths, {
      modelLimit: config.positions - config.paddingId - 3,
      ...(stride !== undefined && { stride }),
      ...(blockSize !== undefined && { blockSize }),
    });
    const logits = await runBlocks(
      plan,
      tokenBlocks(plan, ids),
      {
        frame: 1,
        numbers: 1,
        labels,
        run: async (rows, mask, runOptions) => (await model.run('label', { ids: rows, mask }, runOptions))['logits']!,
      },
      options,
    );
    return texts.map((text, index) =>
      tokenScoresToCharacters([...text].length, encodings[index]?.offsets ?? [], logits[index]!, { labels }),
    );
  };
  const probabilities: Sat['probabilities'] = async (texts, options) =>
    (await characterLogits(texts, { stride: 256, ...options })).map((scores) => endProbabilities(scores, labels));
  const ends = async (text: string, options: ProbabilityOptions) =>
    (await probabilities([text], { stride: 64, ...options }))[0]!;
  return {
    config,
    characterLogits,
    probabilities,
    async split(text, options = {}) {
      return splitSentences(text, await ends(text, options), options);
    },
    async splitParagraphs(text, options = {}) {
      return splitParagraphs(text, await ends(text, options), options);
    },
    dispose: () => model.dispose(),
  };
}

/**
 * Threshold of a published model, as `SaT.split` chooses it: 0.5 with LoRA, 0.25 for `-sm`, 0.01 without limited
 * lookahead, else 0.025.
 *
 * @param variant - `sat-3l-sm`.
 */
export function satThreshold(variant: string, options: { readonly lora?: boolean } = {}): number {
  if (options.lora) return 0.5;
  if (variant.includes('sm')) return 0.25;
  return variant.includes('no-limited-lookahead') ? 0.01 : 0.025;
}

/** SaT, Segment Any Text (arXiv 2406.16678): sentences of 85 languages, without punctuation too. */
export const sat = defineSystem<SatConfig, SatParams, SatModel>({
  id: 'text/sat',
  library,
  presets: {},
  parseConfig,
  weights: readWeights,
  functions: (config) => ({
    label: modelFunction(
      (params: SatParams) => params,
      (params, { ids, mask }: Inputs) => ({ logits: labelTokens(ids, mask, params, config) }),
    ),
  }),
  create: (model) => ({
    config: model.config,
    withTokenizer: (tokenizer) => createSat(model, tokenizer),
    dispose: () => model.dispose(),
  }),
});
