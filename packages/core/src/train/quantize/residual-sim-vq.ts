import * as tf from '@tensorflow/tfjs-core';
import type { ResidualParams } from '../../quantize/residual';
import type { ResidualSimVqConfig } from '../../quantize/residual-sim-vq';
import type { SimVqParams } from '../../quantize/sim-vq';
import { stopGradient } from '../losses';
import { trainSimVq } from './sim-vq';

export interface ResidualSimVqTraining {
  /** `[..., dim]`. */
  readonly quantized: tf.Tensor;
  /** `[..., Q]`, int32; -1 for dropped layers. */
  readonly ids: tf.Tensor;
  /** `[Q]`; 0 for dropped layers. */
  readonly loss: tf.Tensor1D;
}

/**
 * The training form of `residual-sim-vq`. What is left for a layer carries no gradient of the layers before.
 *
 * @param x - `[..., dim]`, float32.
 * @param draws - `keptLayers` of this batch, 1 to all; see `drawKeptLayers`. Default: all.
 */
export function trainResidualSimVq(
  x: tf.Tensor,
  { layers }: ResidualParams<SimVqParams>,
  config: ResidualSimVqConfig,
  draws: { readonly keptLayers?: number } = {},
): ResidualSimVqTraining {
  const kept = config.layers.slice(0, draws.keptLayers);
  let residual = x;
  const steps = kept.map((layer, index) => {
    const step = trainSimVq(residual, layers[index]!, layer);
    residual = tf.sub(residual, stopGradient(step.quantized));
    return step;
  });
  const missing = config.layers.slice(kept.length);
  const none = missing.map(() => tf.fill(x.shape.slice(0, -1), -1, 'int32'));
  return {
    quantized: tf.addN(steps.map(({ quantized }) => quantized)),
    ids: tf.stack([...steps.map(({ ids }) => ids), ...none], -1),
    loss: tf.stack([...steps.map(({ loss }) => loss), ...missing.map(() => tf.scalar(0))]) as tf.Tensor1D,
  };
}
