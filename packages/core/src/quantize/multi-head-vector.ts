import * as tf from '@tensorflow/tfjs-core';
import type { WeightMap } from '../checkpoint/weight-map';
import type { Host } from '../checkpoint/weight-recipe';
import { layerNorm } from '../nn/layer-norm';
import { linear, type LinearParams } from '../nn/linear';
import type { NormParams } from '../nn/norm';
import { tap } from '../nn/tap';
import { affineCodes, type AffineStatistics, rowMoments } from './affine-codes';
import { type MultiHeadVectorConfig, parseMultiHeadVectorConfig } from './multi-head-vector-config';
import { l2Normalize, lookup, nearest, type NearestCodes } from './nearest';
import { defineQuantizer } from './quantizer';

/** Layers around the codebooks, where their width is not that of the vectors. */
export interface HeadProjections {
  readonly projectIn?: LinearParams;
  readonly normIn?: NormParams;
  readonly projectOut?: LinearParams;
}

export interface MultiHeadVectorParams extends HeadProjections {
  /** `[H, K, D]`: one codebook, or one for each head. */
  readonly codes: tf.Tensor3D;
  /** Of affine codebooks. */
  readonly affine?: Pick<AffineStatistics, 'codebookMean' | 'codebookVariance'> &
    Partial<Pick<AffineStatistics, 'batchMean' | 'batchVariance'>>;
}

/** Length up to which cosine codebooks do not scale vectors up. */
export const cosineEpsilon = 1e-6;

/** Vectors `[..., dim]` to `[..., heads · codebookDim]`. */
export function projectIntoHeads(z: tf.Tensor, { projectIn, normIn }: HeadProjections): tf.Tensor {
  return tf.tidy(() => {
    const projected = projectIn ? linear(z, projectIn) : z;
    return normIn ? layerNorm(projected, normIn) : tf.clone(projected);
  });
}

/** The inverse way, `[..., heads · codebookDim]` to `[..., dim]`. */
export function projectOutOfHeads(codes: tf.Tensor, { projectOut }: HeadProjections): tf.Tensor {
  return projectOut ? linear(codes, projectOut) : tf.clone(codes);
}

function weights(map: WeightMap, config: MultiHeadVectorConfig): Host<MultiHeadVectorParams> {
  const { dim, heads, codebookDim, codebookSize, layernormAfterProjectIn: normed, affineParam } = config;
  const tables = config.separateCodebookPerHead ? heads : 1;
  const wide = heads * codebookDim;
  const codebook = map.at('_codebook');
  codebook.ignore('initted', 'cluster_size', 'embed_avg', /_needs_init$/);
  const moment = (key: string) => codebook.tensor(key, [tables, 1, codebookDim], { role: 'embedding' });
  return {
    codes: codebook.tensor('embed', [tables, codebookSize, codebookDim], { role: 'codebook' }),
    ...(wide !== dim && {
      projectIn: map.linear(normed ? 'project_in.0' : 'project_in', dim, wide),
      ...(normed && { normIn: map.norm('project_in.1', wide) }),
      projectOut: map.linear('project_out', wide, dim),
    }),
    ...(affineParam && {
      affine: {
        codebookMean: moment('codebook_mean'),
        codebookVariance: moment('codebook_variance'),
        ...(codebook.has('batch_mean') && {
          batchMean: moment('batch_mean'),
          batchVariance: moment('batch_variance'),
        }),
      },
    }),
  } as Host<MultiHeadVectorParams>;
}

/** `[..., heads, D]` against one table, or against that of each head. */
function searchHeads(rows: tf.Tensor, codes: tf.Tensor3D, { useCosineSim }: MultiHeadVectorConfig): NearestCodes {
  const metric = useCosineSim ? 'dot' : 'root';
  const [tables, count, dim] = codes.shape;
  if (tables === 1) return nearest(rows, tf.reshape(codes, [count, dim]), { metric });
  const perHead = tf.unstack(rows, -2).map((part, head) => nearest(part, tableOf(codes, head), { metric }));
  return {
    ids: tf.stack(
      perHead.map(({ ids }) => ids),
      -1,
    ),
    margins: tf.stack(
      perHead.map(({ margins }) => margins),
      -1,
    ),
  };
}

function tableOf(codes: tf.Tensor3D, head: number): tf.Tensor2D {
  const [, count, dim] = codes.shape;
  return tf.reshape(tf.slice(codes, [head, 0, 0], [1, count, dim]), [count, dim]);
}

/** `[..., heads]` to `[..., heads, D]`. */
function lookupHeads(ids: tf.Tensor, codes: tf.Tensor3D): tf.Tensor {
  const [tables, count, dim] = codes.shape;
  const first = tables === 1 ? tf.scalar(0, 'int32') : tf.range(0, tables * count, count, 'int32');
  return lookup(tf.reshape(codes, [tables * count, dim]), tf.add(ids, first));
}

/** The codes that are searched: of an affine codebook, moved to the stored statistics, or to those of the vectors. */
function searchedCodes(rows: tf.Tensor, { codes, affine }: MultiHeadVectorParams): tf.Tensor3D {
  if (!affine) return codes;
  const { batchMean, batchVariance, codebookMean, codebookVariance } = affine;
  if (batchMean && batchVariance) {
    return affineCodes(codes, { batchMean, batchVariance, codebookMean, codebookVariance });
  }
  const [tables, , dim] = codes.shape;
  const byHead = tf.reshape(rows, [-1, tables, dim]);
  const { mean, variance } = rowMoments(tf.transpose(byHead, [1, 0, 2]));
  return affineCodes(codes, { batchMean: mean, batchVariance: variance, codebookMean, codebookVariance });
}

/**
 * `multi-head-vector`: vector quantization in parts (vector-quantize-pytorch's `VectorQuantize`).
 *
 * `ids` are `[...]` with one head and `[..., heads]` with more. Euclidean codebooks compare `sqrt(max(d, 1e-8))`: codes
 * nearer than 1e-4 tie, the first wins. An affine codebook without stored statistics of its vectors takes those of
 * the vectors given, as the official code does, and then decodes to unmoved codes. -1 decodes to zeros.
 */
export const multiHeadVectorQuantizer = defineQuantizer<MultiHeadVectorConfig, MultiHeadVectorParams>({
  kind: 'multi-head-vector',
  parseConfig: parseMultiHeadVectorConfig,
  weights,
  bitsPerToken: ({ codebookSize }) => Math.log2(codebookSize),
  encode(z, params, config) {
    const { heads, codebookDim, useCosineSim } = config;
    return tf.tidy(() => {
      const projected = projectIntoHeads(z, params);
      const leading = z.shape.slice(0, -1);
      const split = tf.reshape(projected, [...leading, heads, codebookDim]);
      const rows = tap('rows', useCosineSim ? l2Normalize(split, cosineEpsilon) : split);
      const codes = searchedCodes(rows, params);
      const { ids, margins } = searchHeads(rows, codes, config);
      const chosen = tf.reshape(lookupHeads(ids, codes), projected.shape);
      const tokenShape = heads === 1 ? leading : [...leading, heads];
      return {
        ids: tf.reshape(ids, tokenShape),
        margins: tf.reshape(margins, tokenShape),
        codes: projectOutOfHeads(chosen, params),
      };
    });
  },
  decode(tokens, params, { heads, codebookDim }) {
    return tf.tidy(() => {
      const leading = heads === 1 ? tokens.shape : tokens.shape.slice(0, -1);
      const ids = tf.reshape(tokens, [...leading, heads]);
      const { affine } = params;
      const codes = affine?.batchMean ? searchedCodes(tokens, params) : params.codes;
      const chosen = lookupHeads(tf.maximum(ids, tf.scalar(0, 'int32')), codes);
      const merged = tf.reshape(chosen, [...leading, heads * codebookDim]);
      const decoded = projectOutOfHeads(merged, params);
      const isMasked = tf.less(tf.min(ids, -1, true), 0);
      return tf.where(isMasked, tf.zerosLike(decoded), decoded);
    });
  },
});
