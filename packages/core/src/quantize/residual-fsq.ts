import * as tf from '@tensorflow/tfjs-core';
import * as v from 'valibot';
import type { WeightMap } from '../checkpoint/weight-map';
import type { Host } from '../checkpoint/weight-recipe';
import { ConfigError } from '../errors/config-error';
import { ShapeError } from '../errors/shape-error';
import type { Json } from '../signal/signal';
import { parseWith } from '../tokenizer/parse-with';
import { project, projectionWeights, type Projections } from './codebook-layout';
import { fsqCodes, fsqDigitsOfIds, fsqMargins, type FsqOptions } from './fsq';
import {
  fsqWeights,
  idsOfLevels,
  levelsArgument,
  parseCosmosFsqConfig,
  parseFsqConfig,
  quantizeLevels,
  vectorsOfCodes,
  type FsqParams,
  type FsqQuantizerConfig,
} from './fsq-quantizer';
import { dropoutArguments, parseLayerDropout, type LayerDropout } from './layer-dropout';
import { defineQuantizer } from './quantizer';

export interface ResidualFsqConfig extends LayerDropout {
  /** Channels of the vectors; a linear map leads to the levels where they differ in number. */
  readonly dim: number;
  readonly layers: number;
  /** The quantizer of every layer. */
  readonly layer: FsqQuantizerConfig;
  /** Layer i counts in steps of `levels^-i` (lucidrains); otherwise all layers count alike (Cosmos). */
  readonly scalesLayers: boolean;
  /** Vectors are first bent to `c · tanh(x / c)`, one c a component. */
  readonly softClamp?: readonly number[];
}

export interface ResidualFsqParams extends Projections {
  /** Rotations; absent without them. */
  readonly layers?: readonly FsqParams[];
}

const positive = v.pipe(v.number(), v.minValue(Number.MIN_VALUE));
const count = v.pipe(v.number(), v.integer(), v.minValue(1));
const schema = v.looseObject({
  ...dropoutArguments,
  levels: levelsArgument,
  num_quantizers: count,
  dim: v.nullish(count),
  soft_clamp_input_value: v.nullish(v.union([positive, v.array(positive)])),
  bound_hard_clamp: v.nullish(v.boolean(), true),
});

/** The options of lucidrains' `ResidualFSQ`; those of its layers beside them. @throws {ConfigError} */
export function parseResidualFsqConfig(json: Json): ResidualFsqConfig {
  const where = 'residual-fsq';
  const {
    levels,
    num_quantizers: layers,
    dim,
    soft_clamp_input_value: given,
    ...args
  } = parseWith(schema, json, where);
  const hardClamp = args.bound_hard_clamp;
  if (hardClamp && given != null) {
    throw new ConfigError(`${where}: soft_clamp_input_value`, 'none with bound_hard_clamp', String(given));
  }
  const layer = parseFsqConfig(
    {
      ...(args as Record<string, Json>),
      levels,
      dim: levels.length,
      preserve_symmetry: true,
      bound_hard_clamp: hardClamp,
    },
    where,
  );
  const soft = typeof given === 'number' ? levels.map(() => given) : given;
  if (soft && soft.length !== levels.length) {
    throw new ConfigError(`${where}: soft_clamp_input_value`, `${levels.length} numbers`, `${soft.length}`);
  }
  const softClamp = hardClamp ? levels.map((level) => 1 + 1 / (level - 1)) : soft;
  return {
    ...parseLayerDropout(args, layers, where),
    dim: dim ?? levels.length,
    layers,
    layer,
    scalesLayers: true,
    ...(softClamp ? { softClamp } : {}),
  };
}

const cosmosSchema = v.looseObject({ levels: levelsArgument, num_quantizers: count });

/** The options of Cosmos' `ResidualFSQuantizer`. @throws {ConfigError} */
export function parseCosmosResidualFsqConfig(json: Json): ResidualFsqConfig {
  const where = 'cosmos-residual-fsq';
  const { levels, num_quantizers: layers } = parseWith(cosmosSchema, json, where);
  return {
    ...parseLayerDropout({}, layers, where),
    dim: levels.length,
    layers,
    layer: parseCosmosFsqConfig({ levels }, where),
    scalesLayers: false,
  };
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
