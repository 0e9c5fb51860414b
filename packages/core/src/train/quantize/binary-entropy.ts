import * as tf from '@tensorflow/tfjs-core';
import { ConfigError } from '../../errors/config-error';
import { bitSigns, bitsOfIds } from '../../quantize/bits';

/** Above this, probabilities of all codes at once (vectors times codes) would not fit memory. */
const largestJointBits = 12;
/** Above this, not even one number a code would. */
const largestFactorizedBits = 24;

/**
 * Probabilities of all codes of `±amplitude`: `softmax(2 · inverseTemperature · x · code)`.
 *
 * @param latents - `[..., d]`, d at most 12.
 * @param option - What the caller would change: `bsq: group_size`.
 * @returns `[..., 2^d]`, the first channel as most significant bit.
 * @throws {ConfigError} Names `option` where d is larger.
 */
export function jointProbabilities(
  latents: tf.Tensor,
  amplitude: number,
  inverseTemperature: number,
  option: string,
): tf.Tensor {
  const bits = latents.shape.at(-1)!;
  if (bits > largestJointBits) {
    throw new ConfigError(option, `at most ${largestJointBits} bits for an entropy over all codes at once`, `${bits}`);
  }
  const codes = bitSigns(bitsOfIds(tf.range(0, 2 ** bits, 1, 'int32'), bits, 'msb'), amplitude);
  const rows = tf.reshape(latents, [count(latents.shape.slice(0, -1)), bits]) as tf.Tensor2D;
  const products = tf.matMul(rows, codes as tf.Tensor2D, false, true);
  const probabilities = tf.softmax(tf.mul(products, 2 * inverseTemperature));
  return tf.reshape(probabilities, [...latents.shape.slice(0, -1), 2 ** bits]);
}

/** `-Σ p log max(p, 1e-5)` over the last axis (lucidrains). */
export function clampedEntropy(probabilities: tf.Tensor): tf.Tensor {
  return tf.neg(tf.sum(tf.mul(probabilities, tf.log(tf.maximum(probabilities, 1e-5))), -1));
}

/** `-Σ p log (p + offset)` over the last axis (Open-MAGVIT2, BSQ). */
export function offsetEntropy(probabilities: tf.Tensor, offset: number): tf.Tensor {
  return tf.neg(tf.sum(tf.mul(probabilities, tf.log(tf.add(probabilities, offset))), -1));
}

/** The two entropies of independent bits, in nats. */
export interface BitEntropies {
  /** Entropy of each vector's codes, `[N]`: exactly the sum of its bits' entropies. */
  readonly samples: tf.Tensor1D;
  /** Mean probability of every code, `[2^d]`; the order is that of no official id. */
  readonly mean: tf.Tensor1D;
}

/**
 * What {@link jointProbabilities} would give, bit by bit: signs of a code are independent given a vector, so that an
 * entropy is a sum over bits, and the mean probabilities of all codes are one product of two matrices, one for each half
 * of the bits. Needs `N · 2^(d/2)` numbers instead of `N · 2^d`.
 *
 * @param latents - `[N, d]`, d at most 24.
 * @param logitScale - What a component is multiplied by to give the logit of its bit:
 *   `4 · amplitude · inverse temperature`.
 * @param weights - `[N, 1]`, together 1; default equal.
 * @param option - What the caller would change.
 * @throws {ConfigError} Names `option` where d is larger.
 */
export function bitEntropies(
  latents: tf.Tensor2D,
  logitScale: number,
  option: string,
  weights?: tf.Tensor2D,
): BitEntropies {
  const [rows, bits] = latents.shape;
  if (bits > largestFactorizedBits) {
    throw new ConfigError(option, `at most ${largestFactorizedBits} bits for the entropy of a batch`, `${bits}`);
  }
  const logits = tf.mul(latents, logitScale);
  const ones = tf.sigmoid(logits);
  const zeros = tf.sigmoid(tf.neg(logits));
  const entropies = tf.add(tf.mul(ones, tf.softplus(tf.neg(logits))), tf.mul(zeros, tf.softplus(logits)));
  const middle = Math.ceil(bits / 2);
  const half = (from: number, to: number) => productsOfBits(zeros as tf.Tensor2D, ones as tf.Tensor2D, from, to);
  const first = half(0, middle);
  const weighted = weights ? tf.mul(first, weights) : tf.div(first, rows);
  const mean = tf.matMul(weighted as tf.Tensor2D, half(middle, bits), true, false);
  return { samples: tf.sum(entropies, 1) as tf.Tensor1D, mean: tf.reshape(mean, [2 ** bits]) };
}

/** Probability of every combination of the bits `from..to - 1`, `[N, 2^(to - from)]`. */
function productsOfBits(zeros: tf.Tensor2D, ones: tf.Tensor2D, from: number, to: number): tf.Tensor2D {
  const rows = zeros.shape[0];
  let products: tf.Tensor2D = tf.ones([rows, 1]);
  for (let bit = from; bit < to; bit += 1) {
    const column = (x: tf.Tensor2D) => tf.slice(x, [0, bit], [rows, 1]);
    products = tf.concat([tf.mul(products, column(zeros)), tf.mul(products, column(ones))], 1) as tf.Tensor2D;
  }
  return products;
}

function count(shape: readonly number[]): number {
  return shape.reduce((product, length) => product * length, 1);
}
