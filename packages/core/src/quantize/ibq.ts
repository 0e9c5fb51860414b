import * as tf from '@tensorflow/tfjs-core';
import * as v from 'valibot';
import type { WeightMap } from '../checkpoint/weight-map';
import type { Host } from '../checkpoint/weight-recipe';
import type { Json } from '../signal/signal';
import { parseWith } from '../tokenizer/parse-with';
import { lookup, nearest } from './nearest';
import { defineQuantizer } from './quantizer';
import { remappedSize, unmapIds, usedRows, type IdRemap } from './remap';
import { parseRemap, remapArguments } from './remap-arguments';

export interface IbqConfig {
  /** Number of codes K; published with 1024 to 262,144. */
  readonly codes: number;
  readonly dim: number;
  /** Default 0.25. */
  readonly beta: number;
  /** Adds the entropy of the logits to the loss. Default false. */
  readonly useEntropyLoss: boolean;
  /** Weight of that term; `entropy_loss_weight` of the published training configurations. Default 0.05. */
  readonly entropyWeight: number;
  /** Default 0.01. */
  readonly entropyTemperature: number;
  /** Default 1. */
  readonly sampleMinimizationWeight: number;
  /** Default 1. */
  readonly batchMaximizationWeight: number;
  /** Only the used codes are searched, and ids count them. */
  readonly remap?: IdRemap;
}

export interface IbqParams {
  /** `[K, D]`. */
  readonly codebook: tf.Tensor2D;
}

const count = v.pipe(v.number(), v.integer(), v.minValue(1));
const schema = v.strictObject({
  n_e: count,
  e_dim: count,
  beta: v.nullish(v.number(), 0.25),
  use_entropy_loss: v.nullish(v.boolean(), false),
  cosine_similarity: v.nullish(v.boolean()),
  entropy_loss_weight: v.nullish(v.number(), 0.05),
  entropy_temperature: v.nullish(v.number(), 0.01),
  sample_minimization_weight: v.nullish(v.number(), 1),
  batch_maximization_weight: v.nullish(v.number(), 1),
  ...remapArguments,
});

/** The official `cosine_similarity` changes nothing there, and nothing here. @throws {ConfigError} */
function parseConfig(json: Json): IbqConfig {
  const args = parseWith(schema, json, 'index backpropagation quantizer');
  return {
    codes: args.n_e,
    dim: args.e_dim,
    beta: args.beta,
    useEntropyLoss: args.use_entropy_loss,
    entropyWeight: args.entropy_loss_weight,
    entropyTemperature: args.entropy_temperature,
    sampleMinimizationWeight: args.sample_minimization_weight,
    batchMaximizationWeight: args.batch_maximization_weight,
    ...parseRemap(args),
  };
}

function weights(map: WeightMap, { codes, dim }: IbqConfig): Host<IbqParams> {
  map.ignore('used');
  return { codebook: map.codebook('embedding.weight', codes, dim) };
}

/**
 * `ibq`: index backpropagation quantization (arXiv 2412.02692). The id is that of the largest product with a code, not
 * of the smallest distance.
 */
export const ibq = defineQuantizer<IbqConfig, IbqParams>({
  kind: 'ibq',
  takesRows: true,
  parseConfig,
  weights,
  bitsPerToken: ({ codes, remap }) => Math.log2(remap ? remappedSize(remap) : codes),
  encode: (z, { codebook }, { remap }) =>
    tf.tidy(() => {
      const used = usedRows(codebook, remap);
      const { ids, margins } = nearest(z, used, { metric: 'dot' });
      return { ids, margins, codes: lookup(used, ids) };
    }),
  decode: (ids, { codebook }, { remap }) => tf.tidy(() => lookup(codebook, remap ? unmapIds(ids, remap) : ids)),
});
