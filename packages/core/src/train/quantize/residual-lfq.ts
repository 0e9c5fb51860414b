import * as tf from '@tensorflow/tfjs-core';
import { project } from '../../quantize/codebook-layout';
import { layersKept } from '../../quantize/layer-dropout';
import type { ResidualLfqConfig, ResidualLfqParams } from '../../quantize/residual-lfq';
import { stopGradient } from '../losses';
import { stackIds } from './fsq';
import { trainLfq } from './lfq';

export interface ResidualLfqOptions {
  /** Index of the last layer used, from `dropoutCutoff` to the number of layers less 1; default all layers. */
  readonly lastLayer?: number;
  /** `[...]`, float32 1 where a position counts for the losses. Default all. */
  readonly mask?: tf.Tensor;
  /** `[...]` a layer, as in {@link trainLfq}. */
  readonly sampled?: readonly tf.Tensor[];
}

export interface ResidualLfqTraining {
  /** `[..., dim]`. */
  readonly quantized: tf.Tensor;
  /** `[..., Q]`, int32, -1 for layers that were left out. */
  readonly ids: tf.Tensor;
  /** `[Q]`, 0 for layers that were left out. */
  readonly loss: tf.Tensor1D;
}

/**
 * The training form of {@link residualLfqQuantizer}: the residual passes on no gradient of the layers before.
 *
 * @param x - `[..., dim]`.
 * @throws {ConfigError} As {@link trainLfq}.
 */
export function trainResidualLfq(
  x: tf.Tensor,
  params: ResidualLfqParams,
  config: ResidualLfqConfig,
  { lastLayer, mask, sampled }: ResidualLfqOptions = {},
): ResidualLfqTraining {
  const { layers, dropsLayers } = config;
  const dropped = dropsLayers && lastLayer !== undefined;
  const kept = layers.slice(0, dropped ? layersKept(lastLayer, config, layers.length) : layers.length);
  let residual = project(x, params.projectIn);
  let sum: tf.Tensor = tf.zerosLike(residual);
  const parts = kept.map((layer, index) => {
    const drawn = sampled?.[index];
    const part = trainLfq(residual, params.layers?.[index] ?? {}, layer, {
      ...(mask ? { mask } : {}),
      ...(drawn ? { sampled: drawn } : {}),
    });
    residual = tf.sub(residual, stopGradient(part.quantized));
    sum = tf.add(sum, part.quantized);
    return part;
  });
  const losses = parts.map(({ loss }) => loss);
  const none = layers.slice(kept.length).map(() => tf.scalar(0));
  return {
    quantized: project(sum, params.projectOut),
    ids: stackIds(
      parts.map(({ ids }) => ids!),
      layers.length,
    ),
    loss: tf.stack([...losses, ...none]) as tf.Tensor1D,
  };
}
