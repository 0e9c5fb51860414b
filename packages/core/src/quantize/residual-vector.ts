import * as tf from '@tensorflow/tfjs-core';
import type { WeightMap } from '../checkpoint/weight-map';
import type { Host } from '../checkpoint/weight-recipe';
import type { LinearParams } from '../nn/linear';
import { project } from './codebook-layout';
import { groupedQuantizer } from './grouped';
import { type ImplicitCodebookParams, implicitCodebookWeights } from './implicit-codebook';
import { type MultiHeadVectorParams, multiHeadVectorQuantizer } from './multi-head-vector';
import { defineQuantizer, type QuantizedVectors } from './quantizer';
import { decodeLayers, encodeLayers, joinSteps, type ResidualLayer, unstackLayers } from './residual';
import { implicitLayer } from './residual-implicit';
import { searchSequence } from './residual-vector-beams';
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

function layersOf(params: ResidualVectorParams, config: ResidualVectorConfig): readonly ResidualLayer[] {
  return config.layers.map((own, layer): ResidualLayer => {
    const given = params.layers[layer]!;
    const implicit = layer > 0 ? params.implicit?.[layer - 1] : undefined;
    if (implicit) return implicitLayer({ codes: given.codes, implicit, useCosineSim: own.useCosineSim });
    return {
      encode: (residual) => multiHeadVectorQuantizer.encode(residual, given, own),
      decode: (ids) => multiHeadVectorQuantizer.decode(ids, given, own),
    };
  });
}

/** Encoding with several beams; there are no margins. */
function encodeBeams(x: tf.Tensor, params: ResidualVectorParams, config: ResidualVectorConfig): QuantizedVectors {
  const layers = config.layers.map(({ useCosineSim }, layer) => {
    const implicit = layer > 0 ? params.implicit?.[layer - 1] : undefined;
    const weight = config.beamScoreWeights[layer]!;
    return { codes: params.layers[layer]!.codes, useCosineSim, weight, ...(implicit && { implicit }) };
  });
  const { ids, sum } = searchSequence(x, layers, config.evalBeamSize);
  return { ids: tf.stack([...ids], -1), codes: tf.clone(project(sum, params.projectOut)) };
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
