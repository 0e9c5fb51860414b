import * as tf from '@tensorflow/tfjs-core';
import { gumbelLogits, type GumbelConfig, type GumbelParams } from '../../quantize/gumbel';
import { usedRows } from '../../quantize/remap';
import { chooseRows, largestOf } from './soft-choice';

export interface GumbelTraining {
  /** `[..., codeDim]`: one code, or a mixture where the configuration is not straight-through. */
  readonly quantized: tf.Tensor;
  /** `[...]`, int32: the most likely code of the noisy logits. */
  readonly ids: tf.Tensor;
  /** `klWeight · mean Σ p log(p K + 1e-10)`, p the softmax without noise: how far codes are from equally likely. */
  readonly loss: tf.Scalar;
}

export interface GumbelDraws {
  /** `[..., K]` Gumbel noise, `-log(-log(u))` of uniform u. */
  readonly noise: tf.Tensor;
  /** Default: that of the configuration. */
  readonly temperature?: number;
}

/** The training form of `gumbel` (taming's `GumbelQuantize`). @param z - `[..., dim]`, float32. */
export function trainGumbel(
  z: tf.Tensor,
  params: GumbelParams,
  config: GumbelConfig,
  { noise, temperature = config.temperature }: GumbelDraws,
): GumbelTraining {
  const table = usedRows(params.codebook, config.remap);
  const logits = tf.reshape(gumbelLogits(z, params, config), [-1, table.shape[0]]) as tf.Tensor2D;
  const noisy = tf.div(tf.add(logits, tf.reshape(noise, logits.shape)), temperature) as tf.Tensor2D;
  const soft = tf.softmax(noisy);
  const ids = largestOf(noisy);
  const quantized = config.straightThrough ? chooseRows(soft, ids, table) : tf.matMul(soft, table);
  const leading = z.shape.slice(0, -1);
  return {
    quantized: tf.reshape(quantized, [...leading, config.codeDim]),
    ids: tf.reshape(ids, leading),
    loss: tf.mul(distanceToUniform(logits, config.codes), config.klWeight) as tf.Scalar,
  };
}

function distanceToUniform(logits: tf.Tensor2D, codes: number): tf.Scalar {
  const p = tf.softmax(logits);
  return tf.mean(tf.sum(tf.mul(p, tf.log(tf.add(tf.mul(p, codes), 1e-10))), 1)) as tf.Scalar;
}

/**
 * A temperature that falls in a straight line and then stays.
 *
 * @param step - From 0.
 * @param schedule - Default 2 to 0.1 over 50,000 steps (UniAct, arXiv 2501.10105).
 */
export function gumbelTemperature(
  step: number,
  {
    start = 2,
    end = 0.1,
    steps = 50_000,
  }: { readonly start?: number; readonly end?: number; readonly steps?: number } = {},
): number {
  const progress = Math.min(1, step / steps);
  return start * (1 - progress) + end * progress;
}
