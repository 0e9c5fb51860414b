import * as tf from '@tensorflow/tfjs-core';
import type { Tensors } from '../engine/engine';
import { zeroState, type Optimizer } from './optimizer';

export interface MuonOptions {
  /** Nesterov momentum. Default 0.95. */
  readonly momentum?: number;
  /** Newton-Schulz iterations. Default 4. */
  readonly iterations?: number;
  /** The update is multiplied by this times the root of the longer side, which gives it AdamW's scale. Default 0.2. */
  readonly scale?: number;
}

/** Coefficients of the quintic iteration (Keller Jordan, "Muon", 2024). */
const [a, b, c] = [3.4445, -4.775, 2.0315] as const;

/**
 * Muon for kernels (any rank from 2, output channels last): the momentum is replaced by the nearest matrix whose singular
 * values are about 1. State `u/<name>`. No weight decay.
 */
export function muon(options: MuonOptions = {}): Optimizer {
  const { momentum = 0.95, iterations = 4, scale = 0.2 } = options;
  return {
    init: (params) => zeroState('u', params),
    update(params, gradients, state, { rate }) {
      const moved: Record<string, tf.Tensor> = {};
      const next: Record<string, tf.Tensor> = {};
      for (const [name, value] of Object.entries(params)) {
        const columns = value.shape.at(-1)!;
        const rows = value.size / columns;
        const buffer = tf.add(tf.mul(state[`u/${name}`]!, momentum), gradients[name]!);
        const nesterov = tf.add(gradients[name]!, tf.mul(buffer, momentum));
        const direction = orthogonalize(tf.reshape(nesterov, [rows, columns]), iterations);
        const step = tf.mul(direction, tf.mul(rate, scale * Math.sqrt(Math.max(rows, columns))));
        moved[name] = tf.sub(value, tf.reshape(step, value.shape));
        next[`u/${name}`] = buffer;
      }
      return { params: moved as Tensors, state: next as Tensors };
    },
  };
}

/** Newton-Schulz on the smaller Gram matrix. */
function orthogonalize(matrix: tf.Tensor2D, iterations: number): tf.Tensor2D {
  const tall = matrix.shape[0] >= matrix.shape[1];
  const norm = tf.add(tf.sqrt(tf.sum(tf.square(matrix))), 1e-7);
  let x = tf.div(matrix, norm) as tf.Tensor2D;
  for (let i = 0; i < iterations; i += 1) {
    const gram = tall ? tf.matMul(x, x, true, false) : tf.matMul(x, x, false, true);
    const polynomial = tf.add(tf.mul(gram, b), tf.mul(tf.matMul(gram, gram), c)) as tf.Tensor2D;
    const product = tall ? tf.matMul(x, polynomial) : tf.matMul(polynomial, x);
    x = tf.add(tf.mul(x, a), product);
  }
  return x;
}
