import type * as tf from '@tensorflow/tfjs-core';
import { defineSystem, type Model, modelFunction } from '@tesserae/core';
import { library } from '../library';
import { characterBlocks } from '../sat/block-inputs';
import { characterHashes } from '../sat/character-hashes';
import { planBlocks } from '../sat/plan-blocks';
import { runBlocks } from '../sat/run-blocks';
import type { ProbabilityOptions } from '../sat/sat';
import { splitParagraphs, splitSentences } from '../sat/split-sentences';
import type { ParagraphOptions, SplitOptions } from '../sat/split-sentences';
import { endProbabilities } from '../sat/token-scores';
import { isBlank } from '../unicode/python-space';
import { parseConfig, type WtpConfig } from './config';
import { labelCharacters } from './encoder';
import { readWeights, type WtpParams } from './weights';

/** Finds ends of sentences by characters. */
export interface Wtp {
  readonly config: WtpConfig;
  /** Logits of every code point, `[characters, labels]`. */
  characterLogits(texts: readonly string[], options?: ProbabilityOptions): Promise<Float32Array[]>;
  /** Probability of an end behind every code point, 0..1. */
  probabilities(texts: readonly string[], options?: ProbabilityOptions): Promise<Float32Array[]>;
  /** Sentences of a text. Default threshold 0.01. */
  split(text: string, options?: SplitOptions & ProbabilityOptions): Promise<string[]>;
  /** Sentences of paragraphs. Default threshold 0.01. */
  splitParagraphs(text: string, options?: ParagraphOptions & ProbabilityOptions): Promise<string[][]>;
  dispose(): Promise<void>;
}

interface Inputs {
  readonly [name: string]: tf.Tensor;
  readonly ids: tf.Tensor3D;
  readonly mask: tf.Tensor2D;
}

const threshold = 0.01;

function create(model: Model<WtpConfig>): Wtp {
  const { config } = model;
  const { hashes, buckets, labels } = config;
  const characterLogits: Wtp['characterLogits'] = async (texts, options = {}) => {
    const ids = texts.map((text) => characterHashes(isBlank(text) ? '' : text, { hashes, buckets }));
    const { stride, blockSize } = options;
    const plan = planBlocks(
      ids.map(({ length }) => length / hashes),
      {
        modelLimit: buckets,
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
        run: async (rows, mask, runOptions) => {
          const shape = [...mask.shape, hashes];
          return (await model.run('label', { ids: { ...rows, shape }, mask }, runOptions))['logits']!;
        },
      },
      options,
    );
    return logits.map((values, index) =>
      values.length > 0 ? values : new Float32Array([...texts[index]!].length * labels).fill(-Infinity),
    );
  };
  const probabilities: Wtp['probabilities'] = async (texts, options) =>
    (await characterLogits(texts, options)).map((scores) => endProbabilities(scores, labels));
  return {
    config,
    characterLogits,
    probabilities,
    async split(text, options = {}) {
      return splitSentences(text, (await probabilities([text], options))[0]!, { threshold, ...options });
    },
    async splitParagraphs(text, options = {}) {
      return splitParagraphs(text, (await probabilities([text], options))[0]!, { threshold, ...options });
    },
    dispose: () => model.dispose(),
  };
}

/** WtP, Where's the Point (arXiv 2305.18893), with characters in a BERT: `benjamin/wtp-bert-mini` and `-tiny`. */
export const wtp = defineSystem<WtpConfig, WtpParams, Wtp>({
  id: 'text/wtp',
  library,
  presets: {},
  parseConfig,
  weights: readWeights,
  functions: (config) => ({
    label: modelFunction(
      (params: WtpParams) => params,
      (params, { ids, mask }: Inputs) => ({ logits: labelCharacters(ids, mask, params, config) }),
    ),
  }),
  create,
});
