import * as tf from '@tensorflow/tfjs-core';
import * as v from 'valibot';
import type { WeightMap } from '../checkpoint/weight-map';
import type { Host } from '../checkpoint/weight-recipe';
import { linear, type LinearParams } from '../nn/linear';
import { tap } from '../nn/tap';
import type { Json } from '../signal/signal';
import { parseWith } from '../tokenizer/parse-with';
import { lookup } from './nearest';
import { leastScores } from './nearest-blocks';
import { defineQuantizer } from './quantizer';
import { remappedSize, unmapIds, usedRows, type IdRemap } from './remap';
import { parseRemap, remapArguments } from './remap-arguments';

export interface GumbelConfig {
  /** Width of the vectors. */
  readonly dim: number;
  /** Width of a code. */
  readonly codeDim: number;
  /** Number of codes K. */
  readonly codes: number;
  /** Training gives one code instead of a mixture. Default true. */
  readonly straightThrough: boolean;
  /** Default 5e-4. */
  readonly klWeight: number;
  /** Default 1. */
  readonly temperature: number;
  /** Only the used codes can be chosen, and ids count them. */
  readonly remap?: IdRemap;
}

export interface GumbelParams {
  /** dim → K logits. */
  readonly project: LinearParams;
  /** `[K, codeDim]`. */
  readonly codebook: tf.Tensor2D;
}

const count = v.pipe(v.number(), v.integer(), v.minValue(1));
const schema = v.strictObject({
  num_hiddens: count,
  embedding_dim: count,
  n_embed: count,
  straight_through: v.nullish(v.boolean(), true),
  kl_weight: v.nullish(v.number(), 5e-4),
  temp_init: v.nullish(v.pipe(v.number(), v.gtValue(0)), 1),
  use_vqinterface: v.nullish(v.boolean()),
  ...remapArguments,
});

/** @throws {ConfigError} */
function parseConfig(json: Json): GumbelConfig {
  const args = parseWith(schema, json, 'Gumbel quantizer');
  return {
    dim: args.num_hiddens,
    codeDim: args.embedding_dim,
    codes: args.n_embed,
    straightThrough: args.straight_through,
    klWeight: args.kl_weight,
    temperature: args.temp_init,
    ...parseRemap(args),
  };
}

function weights(map: WeightMap, { dim, codeDim, codes }: GumbelConfig): Host<GumbelParams> {
  map.ignore('used');
  return {
    project: map.linear('proj', dim, codes, { pointwise: 2 }),
    codebook: map.codebook('embed.weight', codes, codeDim),
  };
}

/** Logits of the codes that can be chosen: `[..., dim]` to `[..., K]`. */
export function gumbelLogits(z: tf.Tensor, { project }: GumbelParams, { remap }: GumbelConfig): tf.Tensor {
  const logits = linear(z, project);
  return tap('logits', remap ? tf.gather(logits, tf.tensor1d([...remap.used], 'int32'), -1) : logits);
}

/**
 * Ids as the official *evaluation* draws them: with Gumbel noise, so that no two runs agree. The quantizer itself takes
 * the most likely code.
 *
 * @param noise - Of the shape of the logits: `-log(-log(u))` of uniform u.
 * @returns `[...]`, int32.
 */
export function sampleGumbelIds(z: tf.Tensor, params: GumbelParams, config: GumbelConfig, noise: tf.Tensor): tf.Tensor {
  return tf.tidy(() => tf.argMax(tf.add(gumbelLogits(z, params, config), noise), -1));
}

/**
 * `gumbel`: the id of the largest of K logits of a vector (Gumbel-softmax, arXiv 1611.01144; taming's `GumbelQuantize`,
 * DALL-E, UniAct). `margins` are differences of logits.
 */
export const gumbelQuantizer = defineQuantizer<GumbelConfig, GumbelParams>({
  kind: 'gumbel',
  takesRows: true,
  parseConfig,
  weights,
  bitsPerToken: ({ codes, remap }) => Math.log2(remap ? remappedSize(remap) : codes),
  encode: (z, params, config) =>
    tf.tidy(() => {
      const logits = gumbelLogits(z, params, config);
      const leading = z.shape.slice(0, -1);
      const rows = tf.reshape(logits, [leading.reduce((a, b) => a * b, 1), logits.shape.at(-1)!]) as tf.Tensor2D;
      const { ids, best, second } = leastScores(tf.neg(rows));
      return {
        ids: tf.reshape(ids, leading),
        margins: tf.reshape(tf.sub(second, best), leading),
        codes: lookup(usedRows(params.codebook, config.remap), tf.reshape(ids, leading)),
      };
    }),
  decode: (ids, { codebook }, { remap }) => tf.tidy(() => lookup(codebook, remap ? unmapIds(ids, remap) : ids)),
});
