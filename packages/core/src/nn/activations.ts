import * as tf from '@tensorflow/tfjs-core';
import { composite } from '../engine/traits';

/**
 * GELU.
 *
 * @param approximate - `none` (default): `x · Φ(x)` by the error function; `tanh`: the approximation of the paper.
 */
export function gelu(x: tf.Tensor, approximate: 'none' | 'tanh' = 'none'): tf.Tensor {
  return composite('TessGelu', { x }, { approximate }, () =>
    tf.tidy(() => {
      const half = tf.mul(x, 0.5);
      if (approximate === 'none') return tf.mul(half, tf.add(tf.erf(tf.mul(x, Math.SQRT1_2)), 1));
      const cubic = tf.mul(tf.mul(tf.mul(x, x), x), 0.044715);
      return tf.mul(half, tf.add(tf.tanh(tf.mul(tf.add(x, cubic), Math.sqrt(2 / Math.PI))), 1));
    }),
  );
}

/** SiLU (swish): `x · sigmoid(x)`. */
export function silu(x: tf.Tensor): tf.Tensor {
  return composite('TessSilu', { x }, {}, () => tf.tidy(() => tf.mul(x, tf.sigmoid(x))));
}
