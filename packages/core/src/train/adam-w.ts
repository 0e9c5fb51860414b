import * as tf from '@tensorflow/tfjs-core';
import type { Tensors } from '../engine/engine';
import { zeroState, type Optimizer } from './optimizer';

export interface AdamWOptions {
  /** Default 0.9. */
  readonly beta1?: number;
  /** Default 0.999. */
  readonly beta2?: number;
  /** Default 1e-8. */
  readonly epsilon?: number;
  /** Decoupled decay, times the learning rate. Default 0. */
  readonly weightDecay?: number;
}

/** AdamW (arXiv 1711.05101), functional: state `m/<name>` and `v/<name>`. */
export function adamW(options: AdamWOptions = {}): Optimizer {
  const { beta1 = 0.9, beta2 = 0.999, epsilon = 1e-8, weightDecay = 0 } = options;
  return {
    init: (params) => ({ ...zeroState('m', params), ...zeroState('v', params) }),
    update(params, gradients, state, { step, rate }) {
      const correction1 = tf.sub(1, tf.pow(tf.scalar(beta1), step));
      const correction2 = tf.sub(1, tf.pow(tf.scalar(beta2), step));
      const moved: Record<string, tf.Tensor> = {};
      const next: Record<string, tf.Tensor> = {};
      for (const [name, value] of Object.entries(params)) {
        const gradient = gradients[name]!;
        const m = tf.add(tf.mul(state[`m/${name}`]!, beta1), tf.mul(gradient, 1 - beta1));
        const v = tf.add(tf.mul(state[`v/${name}`]!, beta2), tf.mul(tf.square(gradient), 1 - beta2));
        const denominator = tf.add(tf.sqrt(tf.div(v, correction2)), epsilon);
        const decayed = weightDecay === 0 ? value : tf.mul(value, tf.sub(1, tf.mul(rate, weightDecay)));
        moved[name] = tf.sub(decayed, tf.mul(rate, tf.div(tf.div(m, correction1), denominator)));
        next[`m/${name}`] = m;
        next[`v/${name}`] = v;
      }
      return { params: moved as Tensors, state: next as Tensors };
    },
  };
}
