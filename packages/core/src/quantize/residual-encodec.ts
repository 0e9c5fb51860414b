import * as tf from '@tensorflow/tfjs-core';
import * as v from 'valibot';
import type { WeightMap } from '../checkpoint/weight-map';
import type { Host } from '../checkpoint/weight-recipe';
import { ConfigError } from '../errors/config-error';
import type { LinearParams } from '../nn/linear';
import type { Json } from '../signal/signal';
import { parseWith } from '../tokenizer/parse-with';
import { project } from './codebook-layout';
import { lookup, nearest } from './nearest';
import { defineQuantizer } from './quantizer';
import { type ResidualConfig, residualQuantizer, type ResidualParams } from './residual';

/** EnCodec's `VectorQuantization` (encodec/quantization/core_vq.py). */
export interface EncodecVectorConfig {
  /** Width of the vectors. */
  readonly dim: number;
  /** Number of codes K. */
  readonly codebookSize: number;
  /** Width of a code. Default `dim`; linear layers lead in and out where they differ. */
  readonly codebookDim: number;
  /** Share of the old averages that an update keeps. Default 0.99. */
  readonly decay: number;
  /** Added to counts when codes are read out. Default 1e-5. */
  readonly epsilon: number;
  /** The first batch gives the codes, by k-means. Default true. */
  readonly kmeansInit: boolean;
  /** Default 50. */
  readonly kmeansIters: number;
  /** Codes whose average count is below are replaced, without lasting effect. Default 2. */
  readonly thresholdEmaDeadCode: number;
  /** Default 1. */
  readonly commitmentWeight: number;
}

export interface EncodecVectorParams {
  /** `[K, codebookDim]`. */
  readonly codebook: tf.Tensor2D;
  readonly projectIn?: LinearParams;
  readonly projectOut?: LinearParams;
}

const count = v.pipe(v.number(), v.integer(), v.minValue(1));
const amount = v.pipe(v.number(), v.minValue(0));
const vectorArguments = {
  decay: v.optional(v.pipe(v.number(), v.minValue(0), v.maxValue(1)), 0.99),
  epsilon: v.optional(amount, 1e-5),
  kmeans_init: v.optional(v.boolean(), true),
  kmeans_iters: v.optional(count, 50),
  threshold_ema_dead_code: v.optional(amount, 2),
  commitment_weight: v.optional(amount, 1),
  codebook_dim: v.optional(v.nullable(count), null),
};
const schema = v.object({ ...vectorArguments, dim: count, codebook_size: count });

function parseConfig(json: Json): EncodecVectorConfig {
  const args = parseWith(schema, json, 'EnCodec vector quantizer');
  return {
    dim: args.dim,
    codebookSize: args.codebook_size,
    codebookDim: args.codebook_dim ?? args.dim,
    decay: args.decay,
    epsilon: args.epsilon,
    kmeansInit: args.kmeans_init,
    kmeansIters: args.kmeans_iters,
    thresholdEmaDeadCode: args.threshold_ema_dead_code,
    commitmentWeight: args.commitment_weight,
  };
}

function weights(map: WeightMap, config: EncodecVectorConfig): Host<EncodecVectorParams> {
  const { dim, codebookSize, codebookDim } = config;
  map.ignore('_codebook.inited', '_codebook.cluster_size', '_codebook.embed_avg');
  return {
    codebook: map.codebook('_codebook.embed', codebookSize, codebookDim),
    ...(codebookDim !== dim && {
      projectIn: map.linear('project_in', dim, codebookDim),
      projectOut: map.linear('project_out', codebookDim, dim),
    }),
  } as Host<EncodecVectorParams>;
}

/** `encodec-vector`: one codebook of EnCodec, searched by squared distance. */
export const encodecVectorQuantizer = defineQuantizer<EncodecVectorConfig, EncodecVectorParams>({
  kind: 'encodec-vector',
  parseConfig,
  weights,
  bitsPerToken: ({ codebookSize }) => Math.log2(codebookSize),
  encode: (z, params) =>
    tf.tidy(() => {
      const { ids, margins } = nearest(project(z, params.projectIn), params.codebook);
      return { ids, margins, codes: decodeEncodec(ids, params) };
    }),
  decode: (ids, params) => decodeEncodec(ids, params),
});

function decodeEncodec(ids: tf.Tensor, { codebook, projectOut }: EncodecVectorParams): tf.Tensor {
  return tf.tidy(() => tf.clone(project(lookup(codebook, ids), projectOut)));
}

export type ResidualEncodecConfig = ResidualConfig<EncodecVectorConfig>;
export type ResidualEncodecParams = ResidualParams<EncodecVectorParams>;

const residualSchema = v.object({
  ...vectorArguments,
  dim: v.optional(count),
  dimension: v.optional(count),
  num_quantizers: v.optional(count),
  codebook_size: v.optional(count),
  bins: v.optional(count),
  n_q: v.optional(v.nullable(count), null),
});

/**
 * Arguments of `ResidualVectorQuantization` (`dim`, `num_quantizers`, `codebook_size`, `n_q` of its forward pass) or of
 * `ResidualVectorQuantizer` (`dimension`, `n_q`, `bins`; 256, 8 and 1024 by default).
 *
 * @throws {ConfigError} Also for more layers in use than there are.
 */
export function parseResidualEncodecConfig(json: Json): ResidualEncodecConfig {
  const where = 'residual EnCodec quantizer';
  const { dim, dimension, num_quantizers, codebook_size, bins, n_q, ...args } = parseWith(residualSchema, json, where);
  const layers = num_quantizers ?? n_q ?? 8;
  const layer = parseConfig({ ...args, dim: dim ?? dimension ?? 256, codebook_size: codebook_size ?? bins ?? 1024 });
  if (n_q !== null && n_q > layers) throw new ConfigError(`${where}: n_q`, `1..${layers}`, `${n_q}`);
  return { layers: new Array<EncodecVectorConfig>(layers).fill(layer), ...(n_q !== null && { usedLayers: n_q }) };
}

/** `residual-encodec`: residual quantization by EnCodec (arXiv 2210.13438); ids `[Q, ...]` with the layers first. */
export const residualEncodecQuantizer = residualQuantizer({
  kind: 'residual-encodec',
  inner: encodecVectorQuantizer,
  parseConfig: parseResidualEncodecConfig,
  layerAxis: 0,
});

/**
 * Layers that a bandwidth pays for, at least 1 (EnCodec, `get_num_quantizers_for_bandwidth`).
 *
 * @param bandwidth - kbit/s.
 * @param frameRate - Frames a second.
 * @param codes - Number of codes of a layer.
 */
export function layersForBandwidth(bandwidth: number, frameRate: number, codes: number): number {
  return Math.max(1, Math.floor((bandwidth * 1000) / (Math.log2(codes) * frameRate)));
}
