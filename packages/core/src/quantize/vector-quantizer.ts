import * as tf from '@tensorflow/tfjs-core';
import * as v from 'valibot';
import type { WeightMap } from '../checkpoint/weight-map';
import type { Host } from '../checkpoint/weight-recipe';
import { ConfigError } from '../errors/config-error';
import type { Json } from '../signal/signal';
import { parseWith } from '../tokenizer/parse-with';
import { defineQuantizer } from './quantizer';
import { remapIds, remappedSize, unmapIds, type IdRemap } from './remap';
import { parseRemap, remapArguments } from './remap-arguments';
import { decodeVectors, encodeVectors, type VectorForm } from './vector';

/** A plain vector quantizer: taming's `VectorQuantizer2`, LlamaGen's `VectorQuantizer`, LaVIT's codebook. */
export interface VectorQuantizerConfig extends Required<VectorForm> {
  /** Number of codes K. */
  readonly codes: number;
  /** Width D. */
  readonly dim: number;
  /** Weight β of the losses. Default 0.25. */
  readonly beta: number;
  /** Whether β weighs the codebook's part instead of the encoder's: taming's default, an error kept for old models. */
  readonly legacy: boolean;
  /** Weight of the entropy term (LlamaGen). Default 0. */
  readonly entropyWeight: number;
  /** Ids count only the used codes. */
  readonly remap?: IdRemap;
}

export interface VectorQuantizerParams {
  /** `[K, D]`. */
  readonly codebook: tf.Tensor2D;
}

const count = v.pipe(v.number(), v.integer(), v.minValue(1));
const schema = v.strictObject({
  impl: v.optional(v.picklist(['taming', 'llamagen', 'lavit']), 'taming'),
  n_e: v.optional(count),
  n_embed: v.optional(count),
  e_dim: v.optional(count),
  embedding_dim: v.optional(count),
  beta: v.optional(v.number(), 0.25),
  legacy: v.optional(v.boolean()),
  l2_norm: v.optional(v.boolean()),
  show_usage: v.optional(v.boolean()),
  sane_index_shape: v.optional(v.boolean()),
  entropy_loss_ratio: v.optional(v.number(), 0),
  ...remapArguments,
  normalize_query: v.optional(v.boolean()),
  normalize_codebook: v.optional(v.boolean()),
  normalize_output: v.optional(v.boolean()),
  l2_epsilon: v.optional(v.number(), 1e-12),
  metric: v.optional(v.picklist(['squared', 'root', 'dot']), 'squared'),
});

/**
 * @param json - Arguments of the official class; `impl` says whose defaults count: `taming` (the default), `llamagen`
 *   or `lavit`. `remap_used` lists what the official `remap` file holds. `normalize_*`, `l2_epsilon` and `metric`
 *   override what the implementation does. `show_usage` and `sane_index_shape` change nothing: usage is counted by
 *   `updateUsageRing`, and ids have the shape of the vectors.
 * @throws {ConfigError}
 */
function parseConfig(json: Json): VectorQuantizerConfig {
  const where = 'vector quantizer';
  const args = parseWith(schema, json, where);
  const codes = args.n_e ?? args.n_embed;
  const dim = args.e_dim ?? args.embedding_dim;
  if (codes === undefined) throw new ConfigError(where, 'n_e or n_embed, the number of codes', 'neither');
  if (dim === undefined) throw new ConfigError(where, 'e_dim or embedding_dim, the width of a code', 'neither');
  const unit = args.l2_norm ?? args.impl === 'llamagen';
  return {
    codes,
    dim,
    beta: args.beta,
    legacy: args.legacy ?? args.impl === 'taming',
    entropyWeight: args.entropy_loss_ratio,
    normalizeQuery: args.normalize_query ?? (unit || args.impl === 'lavit'),
    normalizeCodebook: args.normalize_codebook ?? unit,
    normalizeOutput: args.normalize_output ?? unit,
    l2Epsilon: args.l2_epsilon,
    metric: args.metric,
    ...parseRemap(args),
  };
}

function weights(map: WeightMap, { codes, dim }: VectorQuantizerConfig): Host<VectorQuantizerParams> {
  map.ignore('used', 'codebook_used');
  return { codebook: map.codebook('embedding.weight', codes, dim) };
}

/**
 * `vq`: one token names one of K vectors.
 *
 * `codes` are those of the nearest code, as the official encoder hands them on; where ids are remapped, an unknown id
 * decodes to the first used code.
 */
export const vectorQuantizer = defineQuantizer<VectorQuantizerConfig, VectorQuantizerParams>({
  kind: 'vq',
  takesRows: true,
  parseConfig,
  weights,
  bitsPerToken: ({ codes, remap }) => Math.log2(remap ? remappedSize(remap) : codes),
  encode: (z, { codebook }, config) =>
    tf.tidy(() => {
      const { ids, margins } = encodeVectors(z, codebook, config);
      const codes = decodeVectors(ids, codebook, config);
      return { ids: config.remap ? remapIds(ids, config.remap) : ids, codes, margins };
    }),
  decode: (ids, { codebook }, config) =>
    tf.tidy(() => decodeVectors(config.remap ? unmapIds(ids, config.remap) : ids, codebook, config)),
});
