import * as tf from '@tensorflow/tfjs-core';
import { signBits } from '../../quantize/bits';
import { detached } from '../detached';
import { stopGradient } from '../losses';

/** {@link signBits} without gradient. */
export function signWithoutGradient(x: tf.Tensor): tf.Tensor {
  return detached([x], (latents) => signBits(latents!));
}

/** The codes, with the gradient of the vectors. */
export function passThrough(vectors: tf.Tensor, codes: tf.Tensor): tf.Tensor {
  return tf.add(vectors, stopGradient(tf.sub(codes, vectors)));
}

/** `mean (x - sg(code))²` over the positions that count. */
export function commitmentOf(latents: tf.Tensor, codes: tf.Tensor, weights: tf.Tensor2D | undefined): tf.Scalar {
  const squares = tf.squaredDifference(latents, stopGradient(codes));
  return weightedMean(tf.mean(rowsOf(squares, 2), 1), weights);
}

export function weightedMean(values: tf.Tensor, weights: tf.Tensor2D | undefined): tf.Scalar {
  return (weights ? tf.sum(tf.mul(values, tf.squeeze(weights, [1]))) : tf.mean(values)) as tf.Scalar;
}

/** A mask `[...]` as weights `[N, 1]` that are 1 together. */
export function shares(mask: tf.Tensor | undefined): tf.Tensor2D | undefined {
  return mask && (tf.div(tf.reshape(mask, [-1, 1]), tf.sum(mask)) as tf.Tensor2D);
}

/** The last `axes` axes as columns, all others as rows. */
export function rowsOf(x: tf.Tensor, axes: number): tf.Tensor2D {
  return tf.reshape(x, [-1, x.shape.slice(-axes).reduce((product, length) => product * length, 1)]) as tf.Tensor2D;
}
