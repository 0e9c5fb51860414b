import * as tf from '@tensorflow/tfjs-core';
import { InputError } from '../../errors/input-error';
import type { DualParams } from '../../quantize/dual';
import { enlargeDual, type DualMultiScaleConfig } from '../../quantize/dual-multi-scale';
import { resampleMap } from '../../quantize/resample-scales';
import { joinScales } from '../../quantize/residual-scales';
import { stopGradient } from '../losses';
import { trainDual } from './dual';
import type { VectorTraining } from './vector-quantizer';

/**
 * The training form of `dual-multi-scale` (TokenFlow): losses are means over the scales, and what is left for a scale
 * carries no gradient of the scales before.
 *
 * @param x - `[B, H, W, C]`, float32, of the size of the last scale.
 * @param draws - `droppedScale`: a scale to leave out, 1 to the last; the official training draws one for a tenth of its
 *   batches.
 * @returns `ids` are `[B, L]` of the scales that were used.
 * @throws {InputError} Another number than that of a scale after the first.
 */
export function trainDualMultiScale(
  x: tf.Tensor4D,
  params: DualParams,
  config: DualMultiScaleConfig,
  { droppedScale }: { readonly droppedScale?: number } = {},
): VectorTraining {
  const { scales } = config;
  if (
    droppedScale !== undefined &&
    !(Number.isInteger(droppedScale) && droppedScale > 0 && droppedScale < scales.length)
  ) {
    throw new InputError('droppedScale', `a whole number of 1..${scales.length - 1}`, String(droppedScale));
  }
  let residual = x;
  const added: tf.Tensor[] = [];
  const steps = scales
    .filter((_, scale) => scale !== droppedScale)
    .map((size) => {
      const step = trainDual(resampleMap(residual, size, 'area'), params, config);
      const enlarged = enlargeDual(step.quantized as tf.Tensor4D, config);
      added.push(enlarged);
      residual = tf.sub(residual, stopGradient(enlarged));
      return step;
    });
  const mean = (part: (step: VectorTraining) => tf.Scalar) =>
    tf.mul(tf.addN(steps.map(part)), 1 / steps.length) as tf.Scalar;
  return {
    quantized: tf.addN(added),
    ids: joinScales(steps.map(({ ids }) => ids)),
    loss: mean(({ loss }) => loss),
    codebookLoss: mean(({ codebookLoss }) => codebookLoss),
    commitmentLoss: mean(({ commitmentLoss }) => commitmentLoss),
    entropyLoss: mean((step) => step.entropyLoss),
  };
}
