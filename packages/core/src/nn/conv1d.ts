import * as tf from '@tensorflow/tfjs-core';

/** Weights of {@link conv1d}, already in TensorFlow.js layout. */
export interface Conv1dParams {
  /** `[kernelSize, in, out]`: PyTorch's `weight`, permuted at load. */
  readonly kernel: tf.Tensor3D;
  /** `[out]`. */
  readonly bias?: tf.Tensor1D;
}

export interface Conv1dOptions {
  /** Default 1. */
  readonly stride?: number;
  /** Steps between the taps of the kernel. Default 1. Only one of stride and dilation may be above 1. */
  readonly dilation?: number;
  /** Zeros before and after. Default none; other values are added by `padTime`. */
  readonly padding?: readonly [number, number];
}

/**
 * 1-D convolution.
 *
 * @param x - `[B, T, in]`, float32.
 * @returns `[B, T', out]`.
 */
export function conv1d(x: tf.Tensor3D, { kernel, bias }: Conv1dParams, options: Conv1dOptions = {}): tf.Tensor3D {
  const { stride = 1, dilation = 1, padding = [0, 0] } = options;
  const [batch, length, channels] = x.shape;
  const [size, inputs, outputs] = kernel.shape;
  return tf.tidy(() => {
    // One row of a picture: no backend has a 1-D convolution.
    const row = tf.reshape(x, [batch, 1, length, channels]) as tf.Tensor4D;
    const filter = tf.reshape(kernel, [1, size, inputs, outputs]) as tf.Tensor4D;
    const pads: [number, number] = [padding[0], padding[1]];
    const y = tf.conv2d(row, filter, [1, stride], [[0, 0], [0, 0], pads, [0, 0]], 'NHWC', [1, dilation]);
    // Right behind the convolution: compiled, the two become one operator.
    const sum = bias ? tf.add(y, bias) : y;
    return tf.reshape(sum, [batch, y.shape[2], outputs]) as tf.Tensor3D;
  });
}
