import * as tf from '@tensorflow/tfjs-core';
import type { IbqConfig, IbqParams } from '../../quantize/ibq';
import { usedRows } from '../../quantize/remap';
import { lookupRows } from '../detached';
import { meanSquaredLoss, stopGradient } from '../losses';
import { entropyLoss, type EntropyLoss } from './entropy-loss';
import { chooseRows, largestOf } from './soft-choice';

export interface IbqTraining {
  /** `[..., D]`: the codes, with gradients to vectors and to every code. */
  readonly quantized: tf.Tensor;
  /** `[...]`, int32. */
  readonly ids: tf.Tensor;
  /** `quantLoss`, plus the weighted entropy loss where it is used. */
  readonly loss: tf.Scalar;
  readonly quantLoss: tf.Scalar;
  /** Where it is used; not weighted. */
  readonly entropy?: EntropyLoss;
}

/**
 * The training form of `ibq` (arXiv 2412.02692): a straight-through gradient to the softmax over all products, so that
 * every code learns from every vector. The loss is `mean (q - z)²`, where both sides have gradients, plus
 * `mean (sg(e) - z)² + β mean (e - sg(z))²` of the plain rows e.
 *
 * @param x - `[..., D]`, float32.
 */
export function trainIbq(x: tf.Tensor, { codebook }: IbqParams, config: IbqConfig): IbqTraining {
  const table = usedRows(codebook, config.remap);
  const rows = tf.reshape(x, [-1, config.dim]) as tf.Tensor2D;
  const logits = tf.matMul(rows, table, false, true) as tf.Tensor2D;
  const ids = largestOf(logits);
  const quantized = chooseRows(tf.softmax(logits) as tf.Tensor2D, ids, table);
  const plain = lookupRows(table, ids);
  const pulled = tf.add(meanSquaredLoss(quantized, rows), meanSquaredLoss(stopGradient(plain), rows));
  const moved = tf.mul(meanSquaredLoss(plain, stopGradient(rows)), config.beta);
  const quantLoss = tf.add(pulled, moved) as tf.Scalar;
  const entropy = config.useEntropyLoss
    ? entropyLoss(logits, {
        temperature: config.entropyTemperature,
        sampleWeight: config.sampleMinimizationWeight,
        batchWeight: config.batchMaximizationWeight,
      })
    : undefined;
  return {
    quantized: tf.reshape(quantized, x.shape),
    ids: tf.reshape(ids, x.shape.slice(0, -1)),
    loss: entropy ? (tf.add(quantLoss, tf.mul(entropy.loss, config.entropyWeight)) as tf.Scalar) : quantLoss,
    quantLoss,
    ...(entropy ? { entropy } : {}),
  };
}
