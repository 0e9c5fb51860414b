import * as tf from '@tensorflow/tfjs-core';
import * as v from 'valibot';
import type { WeightMap } from '../checkpoint/weight-map';
import type { Host } from '../checkpoint/weight-recipe';
import { layerNorm } from '../nn/layer-norm';
import { linear } from '../nn/linear';
import type { Json } from '../signal/signal';
import { parseWith } from '../tokenizer/parse-with';
import { multiHeadVectorQuantizer, type MultiHeadVectorParams } from './multi-head-vector';
import type { MultiHeadVectorConfig } from './multi-head-vector-config';
import { defineQuantizer } from './quantizer';

export interface RandomProjectionConfig {
  /** Width of the vectors. */
  readonly dim: number;
  /** Width after the random projection, of each codebook. */
  readonly codebookDim: number;
  /** Ids of each vector. Default 1. */
  readonly codebooks: number;
  /** Vectors are brought to mean 0 and variance 1 first. Default true. */
  readonly norm: boolean;
  /** The search in the frozen codebooks: cosine, one codebook a head. */
  readonly search: MultiHeadVectorConfig;
}

export interface RandomProjectionParams {
  /** `[codebooks, dim, codebookDim]`. */
  readonly projections: tf.Tensor3D;
  readonly search: MultiHeadVectorParams;
}

const count = v.pipe(v.number(), v.integer(), v.minValue(1));
const schema = v.looseObject({
  dim: count,
  codebook_size: count,
  codebook_dim: count,
  num_codebooks: v.nullish(count, 1),
  norm: v.nullish(v.boolean(), true),
});

/** Further arguments are those of the inner `VectorQuantize`. @throws {ConfigError} */
function parseConfig(json: Json): RandomProjectionConfig {
  const args = parseWith(schema, json, 'random projection quantizer');
  const { dim, codebook_size, codebook_dim: codebookDim, num_codebooks: codebooks, norm, ...others } = args;
  const search = multiHeadVectorQuantizer.parseConfig({
    ...(others as object),
    codebook_size,
    dim: codebookDim * codebooks,
    heads: codebooks,
    use_cosine_sim: true,
    separate_codebook_per_head: true,
  });
  return { dim, codebookDim, codebooks, norm, search };
}

function weights(map: WeightMap, config: RandomProjectionConfig): Host<RandomProjectionParams> {
  const { dim, codebookDim, codebooks, search } = config;
  return {
    projections: map.tensor('rand_projs', [codebooks, dim, codebookDim], { role: 'kernel' }),
    search: multiHeadVectorQuantizer.weights(map.at('vq'), search),
  };
}

/** What is searched: `[..., dim]` to `[..., codebooks · codebookDim]`. */
export function projectRandomly(
  z: tf.Tensor,
  { projections }: RandomProjectionParams,
  { dim, codebookDim, codebooks, norm }: RandomProjectionConfig,
): tf.Tensor {
  return tf.tidy(() => {
    const even = norm ? layerNorm(z, { scale: tf.ones([dim]) }) : z;
    const kernel = tf.reshape(tf.transpose(projections, [1, 0, 2]), [dim, codebooks * codebookDim]);
    return linear(even, { kernel: kernel as tf.Tensor2D });
  });
}

/**
 * `random-projection`: targets for self-supervised learning (BEST-RQ, arXiv 2202.01855): nothing learns, a normalized
 * vector is projected at random and its nearest random codes give the ids. With several codebooks a linear layer of
 * lucidrains' inner quantizer lies between, and every codebook sees all of it.
 *
 * `ids` are `[...]` with one codebook and `[..., codebooks]` with more. `decode` gives the random codes: ids are
 * targets, and no vector comes back from them.
 */
export const randomProjectionQuantizer = defineQuantizer<RandomProjectionConfig, RandomProjectionParams>({
  kind: 'random-projection',
  takesRows: true,
  parseConfig,
  weights,
  bitsPerToken: ({ search }) => multiHeadVectorQuantizer.bitsPerToken(search),
  encode: (z, params, config) =>
    tf.tidy(() => multiHeadVectorQuantizer.encode(projectRandomly(z, params, config), params.search, config.search)),
  decode: (ids, params, { search }) => multiHeadVectorQuantizer.decode(ids, params.search, search),
});
