import * as tf from '@tensorflow/tfjs-core';
import type { WeightMap } from '../checkpoint/weight-map';
import type { Host } from '../checkpoint/weight-recipe';
import type { LinearParams } from '../nn/linear';
import { type CodebookMetric, codebookScores, ownCodebookScores } from '../train/quantize/codebook-search';
import { project } from './codebook-layout';
import { groupedQuantizer } from './grouped';
import { type ImplicitCodebookParams, implicitCodebookWeights, implicitCodes } from './implicit-codebook';
import { cosineEpsilon, type MultiHeadVectorParams, multiHeadVectorQuantizer } from './multi-head-vector';
import { l2Normalize, lookup } from './nearest';
import { defineQuantizer, type QuantizedVectors } from './quantizer';
import { decodeLayers, encodeLayers, joinSteps, type ResidualLayer, unstackLayers } from './residual';
import { advanceBeams, type BeamCandidates, bestBeam, startBeams } from './residual-beams';
import { parseResidualVectorConfig, type ResidualVectorConfig } from './residual-vector-config';

export interface ResidualVectorParams {
  readonly layers: readonly MultiHeadVectorParams[];
  readonly projectIn?: LinearParams;
  readonly projectOut?: LinearParams;
  /** For every layer but the first, where codebooks are implicit. */
  readonly implicit?: readonly ImplicitCodebookParams[];
}

function weights(map: WeightMap, config: ResidualVectorConfig): Host<ResidualVectorParams> {
  const { dim, codebookDim, layers, implicit } = config;
  return {
    layers: layers.map((layer, index) => multiHeadVectorQuantizer.weights(map.at(`layers.${index}`), layer)),
    ...(codebookDim !== dim && {
      projectIn: map.linear('project_in', dim, codebookDim),
      projectOut: map.linear('project_out', codebookDim, dim),
    }),
    ...(implicit && {
      implicit: map.list(
        layers.length - 1,
        (index) => `mlps.${index}`,
        (below) => implicitCodebookWeights(below, codebookDim, implicit),
      ),
    }),
  } as Host<ResidualVectorParams>;
}

/** The codebook that each vector searches in an implicit layer, `[N, K, D]`. */
function ownCodes(
  sum: tf.Tensor,
  params: ResidualVectorParams,
  { layers, codebookDim }: ResidualVectorConfig,
  layer: number,
): tf.Tensor3D {
  const { codes } = params.layers[layer]!;
  const table = tf.reshape(codes, [codes.shape[1], codebookDim]) as tf.Tensor2D;
  const sums = tf.reshape(sum, [-1, codebookDim]) as tf.Tensor2D;
  return implicitCodes(table, sums, params.implicit![layer - 1]!, { normalize: layers[layer]!.useCosineSim });
}

/** Rows of codebook n for every id of row n: `[N, K, D]` and `[N, ...]` to `[N, ..., D]`. */
function chooseOwn(codes: tf.Tensor3D, ids: tf.Tensor): tf.Tensor {
  const [rows, count, dim] = codes.shape;
  const first = tf.reshape(tf.range(0, rows * count, count, 'int32'), [rows, ...ids.shape.slice(1).map(() => 1)]);
  return lookup(tf.reshape(codes, [rows * count, dim]), tf.add(ids, first));
}

function implicitLayer(params: ResidualVectorParams, config: ResidualVectorConfig, layer: number): ResidualLayer {
  const { useCosineSim } = config.layers[layer]!;
  return {
    encode(residual, sum) {
      const leading = residual.shape.slice(0, -1);
      const codes = ownCodes(sum!, params, config, layer);
      const rows = tf.reshape(residual, [1, -1, config.codebookDim]) as tf.Tensor3D;
      const scores = scoresOf(rows, codes, useCosineSim);
      const ids = tf.argMax(scores, -1);
      return {
        ids: tf.reshape(ids, leading),
        margins: tf.reshape(scoreMargins(scores, rows, useCosineSim), leading),
        codes: tf.reshape(chooseOwn(codes, ids), residual.shape),
      };
    },
    decode(ids, sum) {
      const codes = ownCodes(sum!, params, config, layer);
      const chosen = chooseOwn(codes, tf.reshape(ids, [ids.size]));
      return tf.reshape(chosen, sum!.shape);
    },
  };
}

/** `[1, N, D]` against codebooks of their own `[N, K, D]`: `[N, K]`. */
function scoresOf(rows: tf.Tensor3D, codes: tf.Tensor3D, useCosineSim: boolean): tf.Tensor {
  const stacked = tf.expandDims(codes, 0) as tf.Tensor4D;
  return tf.squeeze(ownCodebookScores(queriesOf(rows, useCosineSim), stacked, metricOf(useCosineSim)), [0]);
}

/** `[1, N, D]` against one codebook `[1, K, D]`: `[N, K]`. */
function tableScores(rows: tf.Tensor3D, codes: tf.Tensor3D, useCosineSim: boolean): tf.Tensor {
  return tf.squeeze(codebookScores(queriesOf(rows, useCosineSim), codes, metricOf(useCosineSim)), [0]);
}

function queriesOf(rows: tf.Tensor3D, useCosineSim: boolean): tf.Tensor3D {
  return (useCosineSim ? l2Normalize(rows, cosineEpsilon) : rows) as tf.Tensor3D;
}

function metricOf(useCosineSim: boolean): CodebookMetric {
  return useCosineSim ? 'cosine' : 'euclidean';
}

/** Best minus second best score, relative to the length of the vector; `[N, K]` to `[N]`. */
function scoreMargins(scores: tf.Tensor, rows: tf.Tensor3D, useCosineSim: boolean): tf.Tensor {
  if (scores.shape[1] === 1) return tf.fill([scores.shape[0]!], 3.4e38);
  const { values } = tf.topk(scores, 2, true);
  const [best, second] = tf.unstack(values, 1) as [tf.Tensor, tf.Tensor];
  const gap = tf.sub(best, second);
  if (useCosineSim) return gap;
  const lengths = tf.reshape(tf.sqrt(tf.sum(tf.square(rows), -1)), gap.shape);
  return tf.div(gap, tf.maximum(tf.sub(lengths, best), 1e-30));
}

function layersOf(params: ResidualVectorParams, config: ResidualVectorConfig): readonly ResidualLayer[] {
  return config.layers.map((own, layer) =>
    config.implicit && layer > 0
      ? implicitLayer(params, config, layer)
      : {
          encode: (residual) => multiHeadVectorQuantizer.encode(residual, params.layers[layer]!, own),
          decode: (ids) => multiHeadVectorQuantizer.decode(ids, params.layers[layer]!, own),
        },
  );
}

/**
 * Codes of every layer, before they are added and projected (`get_codes_from_indices`).
 *
 * @param ids - `[..., q]`, int32, q at most the number of layers; -1 contributes nothing.
 * @returns `[Q, ..., codebookDim]`, zeros for layers that the ids do not have.
 * @throws {ShapeError} More ids than layers.
 */
export function residualVectorCodes(
  ids: tf.Tensor,
  params: ResidualVectorParams,
  config: ResidualVectorConfig,
): tf.Tensor {
  return tf.tidy(() => {
    const count = config.layers.length;
    const given = decodeLayers(unstackLayers(ids, -1, count, 'residual-vector'), layersOf(params, config));
    const none = tf.zerosLike(given[0]!);
    return tf.stack(Array.from({ length: count }, (_, layer) => given[layer] ?? none));
  });
}

/** The best codes of a layer for every beam, and the errors that they leave. */
function beamCandidates(
  residual: tf.Tensor2D,
  sum: tf.Tensor2D,
  params: ResidualVectorParams,
  config: ResidualVectorConfig,
  layer: number,
): BeamCandidates {
  const { useCosineSim, codebookSize } = config.layers[layer]!;
  const isImplicit = config.implicit !== undefined && layer > 0;
  const { codes } = params.layers[layer]!;
  const own = isImplicit ? ownCodes(sum, params, config, layer) : undefined;
  const rows = tf.expandDims(residual, 0) as tf.Tensor3D;
  const scores = own ? scoresOf(rows, own, useCosineSim) : tableScores(rows, codes, useCosineSim);
  const ids = tf.topk(scores, Math.min(config.evalBeamSize, codebookSize), true).indices;
  const chosen = own ? chooseOwn(own, ids) : lookup(tf.reshape(codes, [codebookSize, config.codebookDim]), ids);
  return { ids, codes: chosen, losses: tf.mean(tf.squaredDifference(chosen, tf.expandDims(residual, 1)), -1) };
}

function encodeBeams(z: tf.Tensor, params: ResidualVectorParams, config: ResidualVectorConfig): QuantizedVectors {
  const { layers, codebookDim, evalBeamSize, beamScoreWeights } = config;
  const rows = (x: tf.Tensor) => tf.reshape(x, [-1, codebookDim]) as tf.Tensor2D;
  let beams = startBeams(rows(z));
  for (const layer of layers.keys()) {
    beams = advanceBeams(beams, beamCandidates(rows(beams.residual), rows(beams.sum), params, config, layer), {
      weight: beamScoreWeights[layer]!,
      keep: layer === layers.length - 1 ? 1 : evalBeamSize,
    });
  }
  const best = bestBeam(beams);
  const ids = tf.stack(
    best.layers.map((layer) => layer.ids),
    -1,
  );
  return {
    ids: tf.reshape(ids, [...z.shape.slice(0, -1), layers.length]),
    codes: tf.clone(project(tf.reshape(best.sum, z.shape), params.projectOut)),
  };
}

/**
 * `residual-vector`: residual quantization by vector-quantize-pytorch's `ResidualVQ` (SoundStream, arXiv 2107.03312;
 * QINCo, arXiv 2401.14732).
 *
 * ids are `[..., Q]`; `decode` takes those of the first layers as well, and -1 contributes nothing. A cosine codebook
 * compares directions and subtracts its unit code from the residual as it is. With `evalBeamSize` above 1 the sequence
 * of codes with the least weighted error is searched, and there are no margins: the official code has such a search in
 * training only.
 */
export const residualVectorQuantizer = defineQuantizer<ResidualVectorConfig, ResidualVectorParams>({
  kind: 'residual-vector',
  parseConfig: parseResidualVectorConfig,
  weights,
  bitsPerToken: ({ layers }) => layers.reduce((bits, { codebookSize }) => bits + Math.log2(codebookSize), 0),
  encode: (z, params, config) =>
    tf.tidy(() => {
      const projected = project(z, params.projectIn);
      if (config.evalBeamSize > 1) return encodeBeams(projected, params, config);
      const { steps, sum } = encodeLayers(projected, layersOf(params, config));
      const { ids, margins } = joinSteps(steps, -1);
      return { ids: ids!, margins: margins!, codes: tf.clone(project(sum, params.projectOut)) };
    }),
  decode: (tokens, params, config) =>
    tf.tidy(() => {
      const sum = tf.sum(residualVectorCodes(tokens, params, config), 0);
      return tf.clone(project(sum, params.projectOut));
    }),
});

/** `grouped-residual-vector`: equal parts of the channels, a `residual-vector` each (HiFi-Codec, arXiv 2305.02765); ids `[G, ..., Q]`. */
export const groupedResidualVectorQuantizer = groupedQuantizer('grouped-residual-vector', residualVectorQuantizer);
