import * as tf from '@tensorflow/tfjs-core';
import { likelyBits } from '../../quantize/binary';
import { oneHotOfBits, type BinaryMapperConfig } from '../../quantize/binary-mapper';
import { bitsOfIds } from '../../quantize/bits';
import { detached } from '../detached';

export interface BinaryMapperOptions {
  /** `[..., bits]`, in 0..1: a bit is 1 where this is below its probability. Without it bits are not drawn. */
  readonly uniform?: tf.Tensor;
  /** Logits are divided by it before bits are drawn. Default 1. */
  readonly temperature?: number;
  /** Whether the one-hot vector has the gradient of the probabilities of all codes. Default true. */
  readonly straightThrough?: boolean;
}

export interface BinaryMapperTraining {
  /** `[..., 2^bits]`. */
  readonly oneHot: tf.Tensor;
  /** `[...]`, int32. */
  readonly ids: tf.Tensor;
  /** `[...]`: how far the entropy is below its largest value, less `freeNats`, at least 0. Its mean is the loss. */
  readonly divergences: tf.Tensor;
  readonly loss: tf.Scalar;
}

/** The training form of {@link binaryMapperQuantizer}. @param logits - `[..., bits]`. */
export function trainBinaryMapper(
  logits: tf.Tensor,
  { bits: count, freeNats }: BinaryMapperConfig,
  { uniform, temperature = 1, straightThrough = true }: BinaryMapperOptions = {},
): BinaryMapperTraining {
  const bits = detached([logits], (given) => {
    const probabilities = tf.sigmoid(tf.div(given!, temperature));
    return uniform ? tf.cast(tf.less(uniform, probabilities), 'int32') : likelyBits(probabilities);
  });
  const { ids } = oneHotOfBits(bits);
  const hard = detached([bits], (given) => tf.cast(oneHotOfBits(given!).oneHot, 'float32'));
  const divergences = tf.relu(tf.sub(count * Math.LN2 - freeNats, bitEntropy(logits)));
  return {
    oneHot: straightThrough ? withGradientOf(codeProbabilities(logits), hard) : hard,
    ids,
    divergences,
    loss: tf.mean(divergences),
  };
}

/**
 * Log-probability of codes under the bits' logits.
 *
 * @param logits - `[..., bits]`; `ids` `[...]`, int32.
 * @returns `[..., bits]`, of every bit; its sum over the last axis is that of the code.
 */
export function binaryLogProbabilities(logits: tf.Tensor, ids: tf.Tensor): tf.Tensor {
  return tf.tidy(() => {
    const set = tf.cast(bitsOfIds(ids, logits.shape.at(-1)!, 'lsb'), 'float32');
    return logSigmoid(tf.mul(logits, tf.sub(tf.mul(set, 2), 1)));
  });
}

/** Entropy of independent bits, summed: `[..., bits]` to `[...]`, nats. */
function bitEntropy(logits: tf.Tensor): tf.Tensor {
  const p = tf.sigmoid(logits);
  const terms = tf.add(tf.mul(p, logSigmoid(logits)), tf.mul(tf.sub(1, p), logSigmoid(tf.neg(logits))));
  return tf.neg(tf.sum(terms, -1));
}

/** Probability of every code, `[..., 2^bits]`. */
function codeProbabilities(logits: tf.Tensor): tf.Tensor {
  const count = logits.shape.at(-1)!;
  const codes = tf.cast(bitsOfIds(tf.range(0, 2 ** count, 1, 'int32'), count, 'lsb'), 'float32') as tf.Tensor2D;
  const rows = tf.reshape(logits, [-1, count]) as tf.Tensor2D;
  const ones = tf.matMul(logSigmoid(rows), codes, false, true);
  const zeros = tf.matMul(logSigmoid(tf.neg(rows)), tf.sub(1, codes) as tf.Tensor2D, false, true);
  return tf.reshape(tf.exp(tf.add(ones, zeros)), [...logits.shape.slice(0, -1), 2 ** count]);
}

function withGradientOf(soft: tf.Tensor, hard: tf.Tensor): tf.Tensor {
  return tf.add(
    soft,
    detached([soft, hard], (from, to) => tf.sub(to!, from!)),
  );
}

/** Not `tf.logSigmoid`, whose gradient reads its argument after that is freed. */
function logSigmoid(x: tf.Tensor): tf.Tensor {
  return tf.neg(tf.softplus(tf.neg(x)));
}
