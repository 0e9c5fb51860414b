import * as tf from '@tensorflow/tfjs-core';

/** A cumulative distribution function, increasing from 0 to 1, and its inverse; both map any shape. */
export interface Distribution {
  readonly cumulative: (x: tf.Tensor) => tf.Tensor;
  /** @param p - Above 0 and below 1. */
  readonly quantile: (p: tf.Tensor) => tf.Tensor;
}

export type DistributionName = 'tanh' | 'sigmoid' | 'normal' | 'laplace' | 'cauchy';

/** Distributions with mean 0 in their usual scale; `tanh` is `sigmoid` of twice the argument. */
export const distributions: Readonly<Record<DistributionName, Distribution>> = {
  tanh: {
    cumulative: (x) => tf.div(tf.add(tf.tanh(x), 1), 2),
    quantile: (p) => tf.atanh(tf.sub(tf.mul(p, 2), 1)),
  },
  sigmoid: {
    cumulative: (x) => tf.sigmoid(x),
    quantile: (p) => tf.log(tf.div(p, tf.sub(1, p))),
  },
  normal: {
    cumulative: (x) => tf.div(tf.add(tf.erf(tf.div(x, Math.SQRT2)), 1), 2),
    quantile: (p) => tf.mul(inverseErf(tf.sub(tf.mul(p, 2), 1)), Math.SQRT2),
  },
  laplace: {
    cumulative: (x) => tf.mul(tf.add(tf.mul(tf.sign(x), tf.sub(1, tf.exp(tf.neg(tf.abs(x))))), 1), 0.5),
    quantile(p) {
      const centered = tf.sub(p, 0.5);
      return tf.neg(tf.mul(tf.sign(centered), tf.log(tf.sub(1, tf.mul(tf.abs(centered), 2)))));
    },
  },
  cauchy: {
    cumulative: (x) => tf.add(tf.div(tf.atan(x), Math.PI), 0.5),
    quantile: (p) => tf.tan(tf.mul(tf.sub(p, 0.5), Math.PI)),
  },
};

/** Coefficients of powers of `w - 2.5`, for w below 5 (M. Giles, "Approximating the erfinv function", single precision). */
const central = [
  2.81022636e-8, 3.43273939e-7, -3.5233877e-6, -4.39150654e-6, 2.1858087e-4, -1.25372503e-3, -4.17768164e-3,
  2.46640727e-1, 1.50140941,
];
/** Of `sqrt(w) - 3`, elsewhere. */
const tails = [
  -2.00214257e-4, 1.00950558e-4, 1.34934322e-3, -3.67342844e-3, 5.73950773e-3, -7.6224613e-3, 9.43887047e-3, 1.00167406,
  2.83297682,
];

/**
 * The inverse of `erf`, to the precision of float32.
 *
 * @param x - Between -1 and 1, float32; anything beyond ±(1 - 2^-24) gives ±∞ or NaN.
 */
export function inverseErf(x: tf.Tensor): tf.Tensor {
  return tf.tidy(() => {
    const w = tf.neg(tf.log(tf.mul(tf.sub(1, x), tf.add(1, x))));
    const inner = polynomial(tf.sub(w, 2.5), central);
    const outer = polynomial(tf.sub(tf.sqrt(tf.maximum(w, 0)), 3), tails);
    return tf.mul(tf.where(tf.less(w, 5), inner, outer), x);
  });
}

function polynomial(x: tf.Tensor, coefficients: readonly number[]): tf.Tensor {
  return coefficients
    .slice(1)
    .reduce<tf.Tensor>((sum, coefficient) => tf.add(tf.mul(sum, x), coefficient), tf.fill(x.shape, coefficients[0]!));
}
