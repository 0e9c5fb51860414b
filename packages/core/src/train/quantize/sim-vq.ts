import * as tf from '@tensorflow/tfjs-core';
import { linear } from '../../nn/linear';
import { nearest } from '../../quantize/nearest';
import { remapIds } from '../../quantize/remap';
import type { SimVqConfig, SimVqParams } from '../../quantize/sim-vq';
import { detached, lookupRows } from '../detached';
import { meanSquaredLoss, stopGradient } from '../losses';
import { estimate } from './vector-quantizer';

export interface SimVqTraining {
  /** `[..., dim]`: the codes, with a gradient to the vectors. */
  readonly quantized: tf.Tensor;
  /** `[...]`, int32. */
  readonly ids: tf.Tensor;
  readonly loss: tf.Scalar;
}

/**
 * The training form of `sim-vq`: the loss moves the transform and, through it, all codes at once; the frozen table gets
 * no gradient.
 *
 * @param x - `[..., dim]`, float32.
 * @param draws - `unknownIds` `[...]`, int32: for codes that a random `remap` does not know.
 */
export function trainSimVq(
  x: tf.Tensor,
  { frozen, transform }: SimVqParams,
  config: SimVqConfig,
  draws: { readonly unknownIds?: tf.Tensor } = {},
): SimVqTraining {
  const codebook = linear(stopGradient(frozen), transform) as tf.Tensor2D;
  const ids = detached([x, codebook], (z, table) => nearest(z!, table as tf.Tensor2D).ids);
  const codes = lookupRows(codebook, ids);
  const pulled = tf.mul(meanSquaredLoss(x, stopGradient(codes)), config.vectorWeight);
  const moved = tf.mul(meanSquaredLoss(stopGradient(x), codes), config.codebookWeight);
  return {
    quantized: estimate(x, codes, { estimator: config.rotationTrick ? 'rotation' : 'straight-through' }),
    ids: config.remap ? remapIds(ids, config.remap, draws.unknownIds) : ids,
    loss: tf.add(pulled, moved) as tf.Scalar,
  };
}
