import * as tf from '@tensorflow/tfjs-core';

export interface EntropyLossOptions {
  /** Logits are divided by it. Default 0.01. */
  readonly temperature?: number;
  /** Weight of the mean entropy of one vector: decisions become clear. Default 1. */
  readonly sampleWeight?: number;
  /** Weight of the entropy of the mean: all codes are used. Default 1. */
  readonly batchWeight?: number;
}

export interface EntropyLoss {
  /** `sampleWeight · sampleEntropy - batchWeight · batchEntropy`, in nats. */
  readonly loss: tf.Scalar;
  readonly sampleEntropy: tf.Scalar;
  readonly batchEntropy: tf.Scalar;
}

/**
 * The entropy loss of MAGVIT-2 (arXiv 2310.05737) as LlamaGen, Open-MAGVIT2 and IBQ compute it: with
 * `p = softmax(logits / T)`, the mean of `H(p)` minus `H(mean p)`, the latter with `log(p + 1e-5)`.
 *
 * @param logits - `[..., K]`: minus distances, or products with the codes.
 */
export function entropyLoss(logits: tf.Tensor, options: EntropyLossOptions = {}): EntropyLoss {
  const { temperature = 0.01, sampleWeight = 1, batchWeight = 1 } = options;
  const codes = logits.shape.at(-1)!;
  const scaled = tf.div(tf.reshape(logits, [-1, codes]), temperature);
  const logs = tf.logSoftmax(scaled);
  const probabilities = tf.softmax(scaled);
  const mean = tf.mean(probabilities, 0);
  const batchEntropy = tf.neg(tf.sum(tf.mul(mean, tf.log(tf.add(mean, 1e-5))))) as tf.Scalar;
  const sampleEntropy = tf.neg(tf.mean(tf.sum(tf.mul(probabilities, logs), -1))) as tf.Scalar;
  const loss = tf.sub(tf.mul(sampleEntropy, sampleWeight), tf.mul(batchEntropy, batchWeight)) as tf.Scalar;
  return { loss, sampleEntropy, batchEntropy };
}
