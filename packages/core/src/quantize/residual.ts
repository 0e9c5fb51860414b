import * as tf from '@tensorflow/tfjs-core';
import type { WeightMap } from '../checkpoint/weight-map';
import type { Host } from '../checkpoint/weight-recipe';
import { ShapeError } from '../errors/shape-error';
import type { Json } from '../signal/signal';
import { defineQuantizer, type QuantizedVectors, type Quantizer } from './quantizer';

/** One layer of a residual quantizer; it may look at the sum of the layers before it, absent for the first. */
export interface ResidualLayer {
  readonly encode: (residual: tf.Tensor, sum: tf.Tensor | undefined) => QuantizedVectors;
  /** @param ids - 0 where the layer was dropped. */
  readonly decode: (ids: tf.Tensor, sum: tf.Tensor | undefined) => tf.Tensor;
}

export interface ResidualCodes {
  /** What each layer gives, coarse to fine. */
  readonly steps: readonly QuantizedVectors[];
  /** Sum of the codes of all layers. */
  readonly sum: tf.Tensor;
}

/**
 * Layer after layer quantizes what the ones before have left (SoundStream, arXiv 2107.03312, algorithm 1). Call it
 * inside `tidy`.
 *
 * @param x - `[..., D]`, float32.
 * @param layers - At least one.
 */
export function encodeLayers(x: tf.Tensor, layers: readonly ResidualLayer[]): ResidualCodes {
  const steps: QuantizedVectors[] = [];
  let residual = x;
  let sum: tf.Tensor | undefined;
  for (const layer of layers) {
    const step = layer.encode(residual, sum);
    residual = tf.sub(residual, step.codes);
    sum = sum ? tf.add(sum, step.codes) : step.codes;
    steps.push(step);
  }
  return { steps, sum: sum! };
}

/**
 * Codes of each layer. Call it inside `tidy`.
 *
 * @param ids - For the first layers, int32; -1 gives zeros: the layer was dropped.
 */
export function decodeLayers(ids: readonly tf.Tensor[], layers: readonly ResidualLayer[]): readonly tf.Tensor[] {
  let sum: tf.Tensor | undefined;
  return ids.map((own, index) => {
    const codes = layers[index]!.decode(tf.maximum(own, tf.scalar(0, 'int32')), sum);
    sum = sum ? tf.add(sum, codes) : codes;
    const isDropped = tf.reshape(tf.less(own, tf.scalar(0, 'int32')), [...codes.shape.slice(0, -1), 1]);
    return tf.where(isDropped, tf.zerosLike(codes), codes);
  });
}

/** @throws {ShapeError} More ids along `axis` than `layers`, or none. */
export function unstackLayers(tokens: tf.Tensor, axis: number, layers: number, where: string): readonly tf.Tensor[] {
  const given = tokens.shape.at(axis);
  if (given === undefined || given < 1 || given > layers) {
    throw new ShapeError(`${where}: ids`, `1..${layers} along axis ${axis}`, tokens.shape);
  }
  return tf.unstack(tokens, axis);
}

export interface ResidualConfig<Config> {
  /** The quantizer of each layer, coarse to fine; their vectors have one width. */
  readonly layers: readonly Config[];
  /** Layers that encoding uses, 1 to all; ids have as many. Default: all. */
  readonly usedLayers?: number;
}

export interface ResidualParams<Params> {
  readonly layers: readonly Params[];
}

export interface ResidualDefinition<Config extends object, Params> {
  readonly kind: string;
  readonly inner: Quantizer<Config, Params>;
  readonly parseConfig: (json: Json) => ResidualConfig<Config>;
  /** Official prefix of a layer. Default `layers.<index>`. */
  readonly layerKey?: (index: number) => string;
  /** Where ids, margins and bits have the axis of layers: 0 (EnCodec), 1 (DAC) or -1 (lucidrains). */
  readonly layerAxis: 0 | 1 | -1;
}

/**
 * Residual quantization over any quantizer of one id a vector, with layers of their own.
 *
 * `decode` takes the ids of all layers or of the first ones; -1 contributes nothing. Tensors that the inner quantizer
 * adds to ids, margins and codes are joined along their last axis.
 */
export function residualQuantizer<Config extends object, Params>({
  kind,
  inner,
  parseConfig,
  layerKey = (index) => `layers.${index}`,
  layerAxis,
}: ResidualDefinition<Config, Params>): Quantizer<ResidualConfig<Config>, ResidualParams<Params>> {
  const layersOf = ({ layers }: ResidualParams<Params>, config: ResidualConfig<Config>): readonly ResidualLayer[] =>
    config.layers.map((own, index) => ({
      encode: (residual) => inner.encode(residual, layers[index]!, own),
      decode: (ids) => inner.decode(ids, layers[index]!, own),
    }));
  return defineQuantizer<ResidualConfig<Config>, ResidualParams<Params>>({
    kind,
    parseConfig,
    weights: (map: WeightMap, { layers }) =>
      ({ layers: layers.map((own, index) => inner.weights(map.at(layerKey(index)), own)) }) as Host<
        ResidualParams<Params>
      >,
    bitsPerToken: ({ layers }) => layers.reduce((bits, own) => bits + inner.bitsPerToken(own), 0),
    encode: (z, params, config) =>
      tf.tidy(() => {
        const { steps, sum } = encodeLayers(z, layersOf(params, config).slice(0, config.usedLayers));
        return { ...joinSteps(steps, layerAxis), codes: tf.clone(sum) };
      }),
    decode: (tokens, params, config) =>
      tf.tidy(() => {
        const ids = unstackLayers(tokens, layerAxis, config.layers.length, kind);
        return tf.addN([...decodeLayers(ids, layersOf(params, config))]);
      }),
  });
}

/** Everything but the codes of the layers, with an axis of layers. */
export function joinSteps(steps: readonly QuantizedVectors[], layerAxis: number): Record<string, tf.Tensor> {
  const joined: Record<string, tf.Tensor> = {};
  for (const name of Object.keys(steps[0]!)) {
    if (name === 'codes') continue;
    const parts = steps.map((step) => step[name]!);
    const isToken = name === 'ids' || name === 'margins' || name === 'bits';
    joined[name] = isToken ? tf.stack(parts, layerAxis) : tf.concat(parts, -1);
  }
  return joined;
}
