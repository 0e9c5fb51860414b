import * as tf from '@tensorflow/tfjs-core';
import { linear } from '@tesserae/core/nn';
import type { Mrt5Config } from './config';
import { t5LayerNorm } from './t5-layer-norm';
import type { DeleteGateParams } from './weights';

/** What a gate says of every position, `[B, N, 1]` each. */
export interface GateValues {
  /** 0 keeps, the scale of the configuration deletes; log-sigmoid gates have no lower end. */
  readonly values: tf.Tensor3D;
  readonly logits: tf.Tensor3D;
}

/**
 * A learned delete gate (arXiv 2410.20771, section 3.1; `SigmoidDeleteGate`, `LogSigmoidDeleteGate`):
 * `scale · σ(-logit)`, or `log σ(logit)`. Padding always has the value `scale`, as in the official code.
 *
 * @param hidden - `[B, N, width]`, float32: what goes into the block of the gate.
 * @param ids - `[B, N]`, int32; 0 is padding.
 */
export function deleteGate(
  hidden: tf.Tensor3D,
  ids: tf.Tensor2D,
  params: DeleteGateParams,
  config: Pick<Mrt5Config, 'scale' | 'deletionType'>,
): GateValues {
  const [values, logits] = tf.tidy(() => {
    const seen = params.norm ? t5LayerNorm(hidden, params.norm) : hidden;
    const logit = linear(seen, params.logit!);
    const open =
      config.deletionType === 'log_sigmoid'
        ? tf.neg(tf.softplus(tf.neg(logit)))
        : tf.mul(tf.sigmoid(tf.neg(logit)), config.scale);
    const padding = tf.expandDims(tf.equal(ids, tf.scalar(0, 'int32')), -1);
    return [tf.where(padding, tf.fill(open.shape as [number, number, number], config.scale), open), logit];
  }) as [tf.Tensor3D, tf.Tensor3D];
  return { values, logits };
}

/**
 * Soft deletion: adds the gate to the scores of attention, so that no query looks at deleted keys.
 *
 * @param scores - `[B, heads, queries, keys]`, float32, before the softmax.
 * @param values - `[B, keys, 1]`, of {@link deleteGate}, or the mask of positions that were kept.
 */
export function addDeleteGate(scores: tf.Tensor4D, values: tf.Tensor3D): tf.Tensor4D {
  const [batch, keys] = values.shape;
  return tf.tidy(() => tf.add(scores, tf.reshape(values, [batch, 1, 1, keys])));
}

/**
 * A softmax with one more score, 0, that takes its share and is left out: `exp(x) / (1 + Σ exp(x))`.
 *
 * @param x - `[..., scores]`, float32.
 */
export function softmax1(x: tf.Tensor): tf.Tensor {
  return tf.tidy(() => {
    const highest = tf.max(x, -1, true);
    const powers = tf.exp(tf.sub(x, highest));
    return tf.div(powers, tf.add(tf.sum(powers, -1, true), tf.exp(tf.neg(highest))));
  });
}
