import * as tf from '@tensorflow/tfjs-core';
import { InputError } from '../../errors/input-error';
import { stopGradient } from '../losses';
import { straightThrough } from '../straight-through';
import { directionalReparameterization } from './directional-reparameterization';
import { rotationTrick } from './rotation-trick';

/** How gradients pass from chosen codes to vectors, in the names of `MultiHeadVectorConfig`. */
export interface GradientEstimator {
  readonly routeGradientsToInput: boolean;
  readonly rotationTrick: boolean;
  readonly directionalReparam: boolean;
  readonly directionalReparamVariance: number;
  readonly syncUpdateV: number;
}

/**
 * The chosen codes with the gradient of an estimator: rotation trick, directional reparameterization, or otherwise the
 * identity (straight-through). `syncUpdateV` adds its share of that gradient (vqtorch, eq. 21).
 *
 * @param rows - `[..., D]`; `codes` of the same shape.
 * @param noise - Same shape, for directional reparameterization.
 * @throws {InputError} Where that noise is missing.
 */
export function estimateGradient(
  rows: tf.Tensor,
  codes: tf.Tensor,
  estimator: GradientEstimator,
  noise?: tf.Tensor,
): tf.Tensor {
  const estimated = estimator.routeGradientsToInput ? routed(rows, codes, estimator, noise) : codes;
  const { syncUpdateV: share } = estimator;
  return share > 0 ? tf.add(estimated, tf.mul(tf.sub(estimated, stopGradient(estimated)), share)) : estimated;
}

function routed(rows: tf.Tensor, codes: tf.Tensor, estimator: GradientEstimator, noise?: tf.Tensor): tf.Tensor {
  if (estimator.rotationTrick) return rotationTrick(rows, codes);
  if (!estimator.directionalReparam) return straightThrough(rows, () => tf.clone(codes));
  if (!noise) throw new InputError('directional reparameterization: noise', `[${codes.shape}]`, 'none');
  return directionalReparameterization(rows, codes, noise, estimator.directionalReparamVariance);
}
