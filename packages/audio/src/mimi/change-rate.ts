import * as tf from '@tensorflow/tfjs-core';
import { conv1d, type Conv1dParams, firstSteps, padTime } from '@tesserae/core/nn';

/**
 * Steps of the encoder to frames (`ConvDownsample1d`): a convolution of two strides, the first step repeated in front.
 *
 * @param x - `[B, T, D]`, T a multiple of the stride.
 * @param before - The last steps before a window, as many as a stride; absent at the beginning.
 * @returns `[B, T / stride, D]`.
 */
export function downsample(x: tf.Tensor3D, params: Conv1dParams, stride: number, before?: tf.Tensor3D): tf.Tensor3D {
  const padded = before ? tf.concat([before, x], 1) : padTime(x, stride, 0, 'replicate');
  return conv1d(padded, params, { stride });
}

/**
 * Frames to steps of the decoder (`ConvTrUpsample1d`): every channel by itself, a kernel of two strides, of which the
 * last stride is cut off. Each step comes from the frame at its place and the one before.
 *
 * @param x - `[B, F, D]`.
 * @param kernel - `[2 * stride, D]`.
 * @param before - The frame before a window, `[B, 1, D]`; absent at the beginning.
 * @returns `[B, F * stride, D]`.
 */
export function upsample(x: tf.Tensor3D, kernel: tf.Tensor2D, before?: tf.Tensor3D): tf.Tensor3D {
  const [batch, frames, width] = x.shape;
  const stride = kernel.shape[0] / 2;
  const longer = before ? tf.concat([before, x], 1) : padTime(x, 1, 0, 'zero');
  const shifted = firstSteps(longer, frames);
  const own = tf.mul(tf.expandDims(x, 2), tf.slice(kernel, [0, 0], [stride, width]));
  const last = tf.mul(tf.expandDims(shifted, 2), tf.slice(kernel, [stride, 0], [stride, width]));
  return tf.reshape(tf.add(own, last), [batch, frames * stride, width]);
}
