import * as tf from '@tensorflow/tfjs-core';
import * as v from 'valibot';
import type { WeightMap } from '../checkpoint/weight-map';
import type { Host } from '../checkpoint/weight-recipe';
import { ShapeError } from '../errors/shape-error';
import type { Json } from '../signal/signal';
import { parseWith } from '../tokenizer/parse-with';
import { bitSigns } from './bits';
import { project, projectionWeights, type Projections } from './codebook-layout';
import { dropoutArguments, parseLayerDropout, type LayerDropout } from './layer-dropout';
import {
  binaryWeights,
  codeAmplitude,
  codebookBitsOfIds,
  encodeBinary,
  vectorsOfSigns,
  type BinaryParams,
} from './lfq';
import { codebookBits, parseLfqConfig, type LfqConfig } from './lfq-quantizer';
import { defineQuantizer } from './quantizer';

export interface ResidualLfqConfig extends LayerDropout {
  /** Channels of the vectors; a linear map leads to the bits where they differ in number. */
  readonly dim: number;
  /** The quantizer of every layer: codes and soft clamp are halved from layer to layer. */
  readonly layers: readonly LfqConfig[];
}

export interface ResidualLfqParams extends Projections {
  /** Rotations; absent without them. */
  readonly layers?: readonly BinaryParams[];
}

const count = v.pipe(v.number(), v.integer(), v.minValue(1));
const schema = v.looseObject({
  ...dropoutArguments,
  dim: count,
  num_quantizers: count,
  codebook_size: v.pipe(v.number(), v.integer(), v.minValue(2)),
  soft_clamp_input_value: v.nullish(v.number()),
});

/** The options of lucidrains' `ResidualLFQ`; those of its layers beside them. @throws {ConfigError} */
function parseConfig(json: Json): ResidualLfqConfig {
  const where = 'residual-lfq';
  const { dim, num_quantizers: layers, soft_clamp_input_value: softClamp, ...args } = parseWith(schema, json, where);
  const bits = codebookBits({ codebook_size: args.codebook_size }, where);
  const layer = (index: number) =>
    parseLfqConfig(
      {
        ...(args as Record<string, Json>),
        dim: bits,
        codebook_size: null,
        codebook_scale: 2 ** -index,
        soft_clamp_input_value: softClamp == null ? null : softClamp * 2 ** -index,
      },
      where,
    );
  return {
    ...parseLayerDropout(args, layers, where),
    dim,
    layers: Array.from({ length: layers }, (_, index) => layer(index)),
  };
}

function weights(map: WeightMap, { dim, layers }: ResidualLfqConfig): Host<ResidualLfqParams> {
  const [first] = layers;
  const { codebookDim, orthogonalRotation } = first!;
  const below = map.list(
    layers.length,
    (index) => `layers.${index}`,
    (own, index) => binaryWeights(own, layers[index]!),
  );
  return {
    ...projectionWeights(map, { ...first!, dim, hasProjections: dim !== codebookDim, projectionBias: true }),
    ...(orthogonalRotation ? { layers: below } : {}),
  } as Host<ResidualLfqParams>;
}

/**
 * Codes of every layer on its own, before they are added and projected.
 *
 * @param ids - `[..., q]`, int32, q at most the number of layers; -1 contributes nothing.
 * @returns `[Q, ..., d]`, zero for layers that the ids do not have.
 * @throws {ShapeError} More ids than layers.
 */
export function residualLfqCodes(ids: tf.Tensor, params: ResidualLfqParams, { layers }: ResidualLfqConfig): tf.Tensor {
  if (ids.shape.at(-1)! > layers.length) {
    throw new ShapeError('residual-lfq: ids', `[..., 1..${layers.length}]`, ids.shape);
  }
  return tf.tidy(() => {
    const zero = tf.scalar(0, 'int32');
    const columns = tf.unstack(ids, -1);
    const codes = layers.map((layer, index) => {
      const column = columns[index];
      if (!column) return tf.zeros([...ids.shape.slice(0, -1), layer.codebookDim]);
      const bits = codebookBitsOfIds(tf.maximum(column, zero), layer);
      const vectors = vectorsOfSigns(bitSigns(bits, codeAmplitude(layer)), params.layers?.[index] ?? {});
      return tf.mul(vectors, tf.expandDims(tf.cast(tf.greaterEqual(column, zero), 'float32'), -1));
    });
    return tf.stack(codes);
  });
}

/**
 * Residual lookup-free quantization of lucidrains/vector-quantize-pytorch, `residual_lfq.py`: layer i has codes of
 * `±2^-i`. ids `[..., Q]`.
 */
export const residualLfqQuantizer = defineQuantizer<ResidualLfqConfig, ResidualLfqParams>({
  kind: 'residual-lfq',
  parseConfig,
  weights,
  bitsPerToken: ({ layers }) => layers.reduce((bits, { codebookDim }) => bits + codebookDim, 0),
  encode: (z, params, { layers }) =>
    tf.tidy(() => {
      let residual = project(z, params.projectIn);
      let sum: tf.Tensor = tf.zerosLike(residual);
      const parts = layers.map((layer, index) => {
        const part = encodeBinary(residual, params.layers?.[index] ?? {}, layer);
        residual = tf.sub(residual, part.codes);
        sum = tf.add(sum, part.codes);
        return part;
      });
      return {
        ids: tf.stack(
          parts.map(({ ids }) => ids!),
          -1,
        ),
        margins: tf.stack(
          parts.map(({ margins }) => margins!),
          -1,
        ),
        codes: project(sum, params.projectOut),
      };
    }),
  decode: (ids, params, config) =>
    tf.tidy(() => project(tf.sum(residualLfqCodes(ids, params, config), 0), params.projectOut)),
});
