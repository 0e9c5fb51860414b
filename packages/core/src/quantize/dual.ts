import * as tf from '@tensorflow/tfjs-core';
import * as v from 'valibot';
import type { WeightMap } from '../checkpoint/weight-map';
import type { Host } from '../checkpoint/weight-recipe';
import type { Json } from '../signal/signal';
import { parseWith } from '../tokenizer/parse-with';
import { l2Normalize, lookup, nearestOfParts, type NearestCodes } from './nearest';
import { defineQuantizer } from './quantizer';

export interface DualConfig {
  /** Number of codes K of both tables. */
  readonly codes: number;
  /** Channels of the first, semantic part. */
  readonly semanticDim: number;
  /** Channels of the second, pixel part. */
  readonly pixelDim: number;
  /** Weight of the pixel distance beside the semantic one. Default 1. */
  readonly pixelWeight: number;
  /** Weight of the commitment. Default 1. */
  readonly beta: number;
  /** Weight of the entropy term. Default 0. */
  readonly entropyWeight: number;
  /** The semantic table follows averages of its vectors instead of a loss (`kmeans`). Default false. */
  readonly semanticAverages: boolean;
}

export interface DualParams {
  /** `[K, semanticDim]`. */
  readonly semantic: tf.Tensor2D;
  /** `[K, pixelDim]`. */
  readonly pixel: tf.Tensor2D;
}

const count = v.pipe(v.number(), v.integer(), v.minValue(1));
/** Official arguments; without `l2_norm` the official code reads a table that it does not have. */
const schema = v.strictObject({
  n_e: count,
  e_dim: v.nullish(count),
  show_usage: v.nullish(v.boolean()),
  split: v.tuple([count, count]),
  beta: v.nullish(v.number(), 1),
  entropy_loss_ratio: v.nullish(v.number(), 0),
  l2_norm: v.nullish(v.literal(true), true),
  kmeans: v.nullish(v.boolean(), false),
  pixel_weight: v.nullish(v.number(), 1),
});

/** @throws {ConfigError} */
export function parseDualConfig(json: Json): DualConfig {
  const args = parseWith(schema, json, 'dual quantizer');
  return {
    codes: args.n_e,
    semanticDim: args.split[0],
    pixelDim: args.split[1],
    pixelWeight: args.pixel_weight,
    beta: args.beta,
    entropyWeight: args.entropy_loss_ratio,
    semanticAverages: args.kmeans,
  };
}

/** Tables of the `quantize` of a TokenFlow, by their keys there or in the whole model. */
export function dualWeights(map: WeightMap, { codes, semanticDim, pixelDim }: DualConfig): Host<DualParams> {
  const isBare = map.has('embedding_vqkd.weight') && !map.has('quantize.embedding_vqkd.weight');
  const tables = isBare ? map : map.at('quantize');
  tables.ignore('codebook_used', /^embedding_\w+\.(cluster_size|embed_avg|initted)$/);
  return {
    semantic: tables.codebook('embedding_vqkd.weight', codes, semanticDim),
    pixel: tables.codebook('embedding_vqgan.weight', codes, pixelDim),
  };
}

/** Both halves of a vector, each of length 1. */
export function dualHalves(z: tf.Tensor, { semanticDim, pixelDim }: DualConfig): readonly [tf.Tensor, tf.Tensor] {
  const [semantic, pixel] = tf.split(z, [semanticDim, pixelDim], -1);
  return [l2Normalize(semantic!), l2Normalize(pixel!)];
}

/** Ids by the sum of both distances; `halves` as {@link dualHalves} gives them. */
export function nearestDual(
  [semantic, pixel]: readonly [tf.Tensor, tf.Tensor],
  params: DualParams,
  { pixelWeight }: DualConfig,
): NearestCodes {
  return nearestOfParts([
    { z: semantic, codebook: l2Normalize(params.semantic) as tf.Tensor2D },
    { z: pixel, codebook: l2Normalize(params.pixel) as tf.Tensor2D, weight: pixelWeight },
  ]);
}

/** Ids, int32, and codes `[..., semanticDim + pixelDim]` of vectors of that width. */
export function encodeDual(
  z: tf.Tensor,
  params: DualParams,
  config: DualConfig,
): NearestCodes & { readonly codes: tf.Tensor } {
  return tf.tidy(() => {
    const { ids, margins } = nearestDual(dualHalves(z, config), params, config);
    return { ids, margins, codes: decodeDual(ids, params) };
  });
}

/** Codes of ids: the rows of both tables, each of length 1. */
export function decodeDual(ids: tf.Tensor, { semantic, pixel }: DualParams): tf.Tensor {
  return tf.tidy(() => tf.concat([l2Normalize(lookup(semantic, ids)), l2Normalize(lookup(pixel, ids))], -1));
}

/**
 * `dual`: one id addresses a semantic and a pixel table (TokenFlow, arXiv 2412.03069), the nearest by
 * `|s - e|² + w |p - f|²` of normalized halves.
 */
export const dualQuantizer = defineQuantizer<DualConfig, DualParams>({
  kind: 'dual',
  takesRows: true,
  parseConfig: parseDualConfig,
  weights: dualWeights,
  bitsPerToken: ({ codes }) => Math.log2(codes),
  encode: encodeDual,
  decode: (ids, params) => decodeDual(ids, params),
});
