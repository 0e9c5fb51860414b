import * as tf from '@tensorflow/tfjs-core';

/** Weights of {@link depthwiseConv1d}, already in TensorFlow.js layout. */
export interface DepthwiseConv1dParams {
  /** `[kernelSize, channels]`: PyTorch's `weight` `[channels, 1, kernelSize]` of a convolution of as many groups. */
  readonly kernel: tf.Tensor2D;
  /** `[channels]`. */
  readonly bias?: tf.Tensor1D;
}

export interface DepthwiseConv1dOptions {
  /** Steps between the taps of the kernel. Default 1. */
  readonly dilation?: number;
  /** Zeros before and after. Default none. */
  readonly padding?: readonly [number, number];
}

/**
 * 1-D convolution of every channel by itself, stride 1.
 *
 * @param x - `[B, T, channels]`, float32.
 * @returns `[B, T', channels]`.
 */
export function depthwiseConv1d(
  x: tf.Tensor3D,
  { kernel, bias }: DepthwiseConv1dParams,
  { dilation = 1, padding = [0, 0] }: DepthwiseConv1dOptions = {},
): tf.Tensor3D {
  const [batch, length, channels] = x.shape;
  const [size] = kernel.shape;
  const produced = length + padding[0] + padding[1] - (size - 1) * dilation;
  return tf.tidy(() => {
    // One row of a picture; the zeros are added first, since backends disagree on explicit ones here.
    const padded = padding[0] + padding[1] === 0 ? x : tf.pad(x, [[0, 0], [...padding], [0, 0]]);
    const row = tf.reshape(padded, [batch, 1, padded.shape[1]!, channels]) as tf.Tensor4D;
    const filter = tf.reshape(kernel, [1, size, channels, 1]) as tf.Tensor4D;
    const y = tf.depthwiseConv2d(row, filter, 1, 'valid', 'NHWC', [1, dilation]);
    // Right behind the convolution: compiled, the two become one operator.
    const sum = bias ? tf.add(y, bias) : y;
    return tf.reshape(sum, [batch, produced, channels]) as tf.Tensor3D;
  });
}
