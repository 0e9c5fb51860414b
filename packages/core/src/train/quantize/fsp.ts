import * as tf from '@tensorflow/tfjs-core';
import type { Projections } from '../../quantize/codebook-layout';
import { project } from '../../quantize/codebook-layout';
import { activateLatents, binMiddles, fspIds, valuesOfActivated, type FspConfig } from '../../quantize/fsp';
import { detached } from '../detached';
import { stopGradient } from '../losses';
import { momentLoss, momentsOf, type Moments } from './moment-loss';

/** Random numbers of one step, uniform in 0..1, `[..., d]` each. */
export interface FspDraws {
  /** Where to inside `±1 / (2 L)`; 1/2 is no movement. */
  readonly perturbation: tf.Tensor;
  /** A component is moved instead of quantized where this is above `quantizeRate`. */
  readonly choice: tf.Tensor;
}

export interface FspTraining {
  /** `[..., dim]`, with the gradient of the activation, or of the identity where it is inverted. */
  readonly quantized: tf.Tensor;
  /** `[...]`, int32: the bins before any movement. */
  readonly ids: tf.Tensor;
  /** `[..., d]`, int32. */
  readonly digits: tf.Tensor;
  /** How far the moments of the latents are from their goals. */
  readonly loss: tf.Scalar;
  readonly moments: Moments;
  /** Share of the movements that stay inside 0..1; absent without draws. */
  readonly accepted?: tf.Scalar;
}

/**
 * The training form of {@link fspQuantizer}.
 *
 * @param x - `[..., dim]`, at least two vectors.
 * @param draws - Without them, or with a `quantizeRate` of 1, every component is quantized, as in evaluation.
 * @throws {ShapeError} The last axis is not `dim`.
 */
export function trainFsp(x: tf.Tensor, params: Projections, config: FspConfig, draws?: FspDraws): FspTraining {
  const { latents, activated, digits } = activateLatents(x, params, config);
  const moments = momentsOf(tf.reshape(latents, [-1, config.levels.length]));
  const middles = tf.sub(binMiddles(digits, config), activated);
  let components = tf.add(activated, stopGradient(middles));
  let accepted: tf.Scalar | undefined;
  if (draws && config.quantizeRate < 1) {
    const reach = tf.tensor1d(config.levels.map((count) => 1 / (count * 2)));
    const movement = tf.mul(reach, tf.sub(tf.mul(draws.perturbation, 2), 1));
    const inside = detached([activated], (from) => staysInside(tf.add(from, movement)));
    accepted = tf.mean(inside) as tf.Scalar;
    const moved = tf.add(activated, tf.mul(inside, movement));
    components = tf.where(tf.greater(draws.choice, config.quantizeRate), moved, components);
  }
  const passed = config.invertsActivation
    ? tf.add(
        latents,
        detached([components, latents], (from, soft) => tf.sub(valuesOfActivated(from!, config), soft!)),
      )
    : valuesOfActivated(components, config);
  return {
    quantized: project(passed, params.projectOut),
    ids: fspIds(digits, config),
    digits: tf.cast(digits, 'int32'),
    loss: momentLoss(moments, config.moments),
    moments,
    ...(accepted ? { accepted } : {}),
  };
}

/** 1 where a component lies between 0 and 1, float32. */
function staysInside(x: tf.Tensor): tf.Tensor {
  return tf.cast(tf.logicalAnd(tf.greater(x, 0), tf.less(x, 1)), 'float32');
}
