import * as tf from '@tensorflow/tfjs-core';
import type { WeightMap } from '../checkpoint/weight-map';
import type { Host } from '../checkpoint/weight-recipe';
import { ShapeError } from '../errors/shape-error';
import type { Json } from '../signal/signal';
import { project, projectionWeights, type Projections } from './codebook-layout';
import { fsqCodes, fsqDigitsOfIds, fsqMargins, type FsqOptions } from './fsq';
import { fsqWeights, idsOfLevels, quantizeLevels, vectorsOfCodes, type FsqParams } from './fsq-quantizer';
import { defineQuantizer } from './quantizer';
import { parseCosmosResidualFsqConfig, parseResidualFsqConfig, type ResidualFsqConfig } from './residual-fsq-config';

export interface ResidualFsqParams extends Projections {
  /** Rotations; absent without them. */
  readonly layers?: readonly FsqParams[];
}

function weights(map: WeightMap, { dim, layers, layer }: ResidualFsqConfig): Host<ResidualFsqParams> {
  const codebookDim = layer.levels.length;
  const layout = {
    ...layer,
    dim,
    codebookDim,
    codebooks: 1,
    hasProjections: dim !== codebookDim,
    projectionBias: true,
  };
  return {
    ...projectionWeights(map, layout),
    ...(layer.orthogonalRotation
      ? {
          layers: map.list(
            layers,
            (index) => `layers.${index}`,
            (below) => fsqWeights(below, layer),
          ),
        }
      : {}),
  } as Host<ResidualFsqParams>;
}

export interface ResidualLevels {
  /** `[...]` each. */
  readonly ids: readonly tf.Tensor[];
  readonly margins: readonly tf.Tensor[];
  /** `[..., dim]`, the sum of all layers. */
  readonly vectors: tf.Tensor;
}

export interface ResidualFsqOptions extends FsqOptions {
  /** Layers that are used; the rest is left out. Default all. */
  readonly keep?: number;
  /** The residual without gradient of the layer's output. Default: as it is. */
  readonly detach?: (x: tf.Tensor) => tf.Tensor;
  /** What happens to the codes of a layer, `[..., 1, d]`, before they leave: noise. */
  readonly perturb?: (codes: tf.Tensor, layer: number) => tf.Tensor;
}

/** Layer after layer: each quantizes what the ones before have left. */
export function quantizeResidualLevels(
  z: tf.Tensor,
  params: ResidualFsqParams,
  config: ResidualFsqConfig,
  { keep = config.layers, detach = (x) => x, perturb = (codes) => codes, ...options }: ResidualFsqOptions = {},
): ResidualLevels {
  const { layer, softClamp } = config;
  const projected = project(z, params.projectIn);
  let residual = projected;
  if (softClamp) {
    const limit = tf.tensor1d([...softClamp]);
    residual = tf.mul(tf.tanh(tf.div(projected, limit)), limit);
  }
  const ids: tf.Tensor[] = [];
  const margins: tf.Tensor[] = [];
  let sum: tf.Tensor = tf.zerosLike(residual);
  for (let index = 0; index < keep; index += 1) {
    const own = params.layers?.[index] ?? {};
    const scale = layerScale(config, index);
    const quantized = quantizeLevels(tf.div(residual, scale), own, layer, options);
    const codes = tf.mul(vectorsOfCodes(perturb(quantized.codes, index), own), scale);
    residual = tf.sub(residual, detach(codes));
    sum = tf.add(sum, codes);
    ids.push(idsOfLevels(quantized, layer));
    margins.push(tf.reshape(fsqMargins(quantized.latents, layer), z.shape.slice(0, -1)));
  }
  return { ids, margins, vectors: project(sum, params.projectOut) };
}

/**
 * Codes of every layer on its own, before they are added and projected.
 *
 * @param ids - `[..., q]`, int32, q at most the number of layers; -1 contributes nothing.
 * @returns `[Q, ..., d]`, zero for layers that the ids do not have.
 * @throws {ShapeError} More ids than layers.
 */
export function residualFsqCodes(ids: tf.Tensor, params: ResidualFsqParams, config: ResidualFsqConfig): tf.Tensor {
  const given = ids.shape.at(-1)!;
  if (given > config.layers) throw new ShapeError('residual-fsq: ids', `[..., 1..${config.layers}]`, ids.shape);
  return tf.tidy(() => {
    const columns = tf.unstack(ids, -1);
    const codes = Array.from({ length: config.layers }, (_, index) => {
      const own = params.layers?.[index] ?? {};
      const column = columns[index];
      if (!column) return tf.zeros([...ids.shape.slice(0, -1), config.layer.levels.length]);
      const digits = fsqDigitsOfIds(tf.expandDims(tf.maximum(column, tf.scalar(0, 'int32')), -1), config.layer);
      const vectors = tf.mul(vectorsOfCodes(fsqCodes(digits, config.layer), own), layerScale(config, index));
      const present = tf.cast(tf.greaterEqual(column, tf.scalar(0, 'int32')), 'float32');
      return tf.mul(vectors, tf.expandDims(present, -1));
    });
    return tf.stack(codes);
  });
}

function layerScale({ scalesLayers, layer }: ResidualFsqConfig, index: number): tf.Tensor1D {
  return tf.tensor1d(layer.levels.map((level) => (scalesLayers ? level ** -index : 1)));
}

function quantizerOf(kind: string, parseConfig: (json: Json) => ResidualFsqConfig) {
  return defineQuantizer<ResidualFsqConfig, ResidualFsqParams>({
    kind,
    parseConfig,
    weights,
    bitsPerToken: ({ layers, layer }) => layers * layer.levels.reduce((bits, level) => bits + Math.log2(level), 0),
    encode: (z, params, config) =>
      tf.tidy(() => {
        const { ids, margins, vectors } = quantizeResidualLevels(z, params, config);
        return { ids: tf.stack([...ids], -1), margins: tf.stack([...margins], -1), codes: vectors };
      }),
    decode: (ids, params, config) =>
      tf.tidy(() => project(tf.sum(residualFsqCodes(ids, params, config), 0), params.projectOut)),
  });
}

/**
 * Residual finite scalar quantization of lucidrains/vector-quantize-pytorch: symmetric levels, layer i scaled by
 * `levels^-i`, a soft clamp before and a hard clamp inside. ids `[..., Q]`.
 */
export const residualFsqQuantizer = quantizerOf('residual-fsq', parseResidualFsqConfig);

/** The one of NVIDIA/Cosmos-Tokenizer: no scale per layer. Its own ids have the axis of layers at 1; here it is the last. */
export const cosmosResidualFsqQuantizer = quantizerOf('cosmos-residual-fsq', parseCosmosResidualFsqConfig);
