import * as tf from '@tensorflow/tfjs-core';
import type { Tensors } from '../engine/engine';

/** Exponential average of parameters: `decay · average + (1 - decay) · value`. */
export function updateAverage(averages: Tensors, params: Tensors, decay: number): Tensors {
  return Object.fromEntries(
    Object.entries(params).map(([name, value]) => [
      name,
      tf.add(tf.mul(averages[name]!, decay), tf.mul(value, 1 - decay)),
    ]),
  );
}
