import * as tf from '@tensorflow/tfjs-core';

/** Weights of {@link conv2d}, already in TensorFlow.js layout. */
export interface Conv2dParams {
  /** `[kernelHeight, kernelWidth, in, out]`: PyTorch's `weight`, permuted at load. */
  readonly kernel: tf.Tensor4D;
  /** `[out]`. */
  readonly bias?: tf.Tensor1D;
}

export interface Conv2dOptions {
  /** Default 1. */
  readonly stride?: number;
  /** Zeros on every side, PyTorch's `padding`. Default: half the kernel, which keeps the size at stride 1. */
  readonly padding?: number;
}

/**
 * 2-D convolution.
 *
 * @param x - `[B, H, W, in]`, float32.
 * @returns `[B, H', W', out]`.
 */
export function conv2d(x: tf.Tensor4D, { kernel, bias }: Conv2dParams, options: Conv2dOptions = {}): tf.Tensor4D {
  const { stride = 1, padding = (kernel.shape[0] - 1) >> 1 } = options;
  return tf.tidy(() => {
    // Explicit pads: tfjs's numeric pad computes the width from the kernel's height, and 'same' differs at stride 2.
    const side: [number, number] = [padding, padding];
    const y = tf.conv2d(x, kernel, stride, [[0, 0], side, side, [0, 0]]);
    return bias ? tf.add(y, bias) : y;
  });
}
