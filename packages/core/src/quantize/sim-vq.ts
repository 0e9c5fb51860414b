import * as tf from '@tensorflow/tfjs-core';
import * as v from 'valibot';
import type { WeightMap } from '../checkpoint/weight-map';
import type { Host } from '../checkpoint/weight-recipe';
import { linear, type LinearParams } from '../nn/linear';
import { tap } from '../nn/tap';
import type { Json } from '../signal/signal';
import { parseWith } from '../tokenizer/parse-with';
import { lookup, nearest } from './nearest';
import { defineQuantizer } from './quantizer';
import { remapIds, remappedSize, unmapIds, type IdRemap } from './remap';
import { parseRemap, remapArguments } from './remap-arguments';

export interface SimVqConfig {
  /** Number of codes K. */
  readonly codes: number;
  /** Width of the vectors. */
  readonly dim: number;
  /** Width of the frozen codebook (lucidrains' `frozen_codebook_dim`). Default `dim`. */
  readonly frozenDim: number;
  /** Whose keys and form: the official one has a bias, lucidrains' none. */
  readonly layout: 'official' | 'lucidrains';
  /** Weight of `mean (sg(q) - z)²`, which pulls vectors to codes. Default 0.25, with `legacy` 1. */
  readonly vectorWeight: number;
  /** Weight of `mean (q - sg(z))²`, which moves the transform. Default 1, with `legacy` 0.25. */
  readonly codebookWeight: number;
  /** Gradients reach vectors by the rotation trick (lucidrains' default) instead of straight through. */
  readonly rotationTrick: boolean;
  /** Ids count only the used codes. */
  readonly remap?: IdRemap;
}

export interface SimVqParams {
  /** `[K, frozenDim]`, drawn once from N(0, 1 / frozenDim); it never learns. */
  readonly frozen: tf.Tensor2D;
  /** frozenDim → dim. */
  readonly transform: LinearParams;
}

const count = v.pipe(v.number(), v.integer(), v.minValue(1));
const official = v.strictObject({
  impl: v.optional(v.literal('simvq')),
  n_e: count,
  e_dim: count,
  beta: v.nullish(v.number(), 0.25),
  legacy: v.nullish(v.boolean(), true),
  sane_index_shape: v.nullish(v.boolean()),
  ...remapArguments,
});
const lucidrains = v.strictObject({
  impl: v.optional(v.literal('lucidrains')),
  dim: count,
  codebook_size: count,
  frozen_codebook_dim: v.nullish(count),
  codebook_transform: v.nullish(v.null()),
  init_fn: v.nullish(v.null()),
  channel_first: v.nullish(v.boolean()),
  rotation_trick: v.nullish(v.boolean(), true),
  input_to_quantize_commit_loss_weight: v.nullish(v.number(), 0.25),
  commitment_weight: v.nullish(v.number(), 1),
});

/**
 * Official arguments, told apart by `codebook_size`. Layouts (`sane_index_shape`, `channel_first`) change nothing here;
 * a transform of another kind cannot be given.
 *
 * @throws {ConfigError}
 */
function parseConfig(json: Json): SimVqConfig {
  const where = 'simulated vector quantizer';
  if (typeof json === 'object' && json !== null && 'codebook_size' in json) {
    const args = parseWith(lucidrains, json, where);
    return {
      codes: args.codebook_size,
      dim: args.dim,
      frozenDim: args.frozen_codebook_dim ?? args.dim,
      layout: 'lucidrains',
      vectorWeight: args.commitment_weight * args.input_to_quantize_commit_loss_weight,
      codebookWeight: args.commitment_weight,
      rotationTrick: args.rotation_trick,
    };
  }
  const args = parseWith(official, json, where);
  return {
    codes: args.n_e,
    dim: args.e_dim,
    frozenDim: args.e_dim,
    layout: 'official',
    vectorWeight: args.legacy ? 1 : args.beta,
    codebookWeight: args.legacy ? args.beta : 1,
    rotationTrick: false,
    ...parseRemap(args),
  };
}

function weights(map: WeightMap, { codes, dim, frozenDim, layout }: SimVqConfig): Host<SimVqParams> {
  map.ignore('used');
  const [frozen, transform] =
    layout === 'official' ? ['embedding.weight', 'embedding_proj'] : ['frozen_codebook', 'code_transform'];
  return {
    frozen: map.codebook(frozen!, codes, frozenDim),
    transform: map.linear(transform!, frozenDim, dim, { bias: layout === 'official' }),
  };
}

/** The codes that are searched: the frozen ones, transformed. `[K, dim]`. */
export function simVqCodebook({ frozen, transform }: SimVqParams): tf.Tensor2D {
  return linear(frozen, transform) as tf.Tensor2D;
}

/**
 * `sim-vq`: a frozen random codebook behind a learned linear map (SimVQ, arXiv 2411.02038), searched by squared
 * distance. Another transform than a linear one: give its codebook to `encodeVectors` and `decodeVectors`.
 *
 * Ids decode to transformed rows; the official `get_codebook_entry` looks into the frozen table, which no decoder was
 * trained with.
 */
export const simVq = defineQuantizer<SimVqConfig, SimVqParams>({
  kind: 'sim-vq',
  takesRows: true,
  parseConfig,
  weights,
  bitsPerToken: ({ codes, remap }) => Math.log2(remap ? remappedSize(remap) : codes),
  encode: (z, params, { remap }) =>
    tf.tidy(() => {
      const codebook = tap('projected_codebook', simVqCodebook(params)) as tf.Tensor2D;
      const { ids, margins } = nearest(z, codebook);
      return { ids: remap ? remapIds(ids, remap) : ids, margins, codes: lookup(codebook, ids) };
    }),
  decode: (ids, { frozen, transform }, { remap }) =>
    tf.tidy(() => linear(lookup(frozen, remap ? unmapIds(ids, remap) : ids), transform)),
});
