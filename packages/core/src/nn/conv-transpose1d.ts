import * as tf from '@tensorflow/tfjs-core';

/** Weights of {@link convTranspose1d}, already in TensorFlow.js layout. */
export interface ConvTranspose1dParams {
  /** `[kernelSize, out, in]`: PyTorch's `weight` `[in, out, kernelSize]`, permuted at load. */
  readonly kernel: tf.Tensor3D;
  /** `[out]`. */
  readonly bias?: tf.Tensor1D;
}

/**
 * Transposed 1-D convolution without padding: every step adds the kernel, times its value, at `step * stride`.
 *
 * @param x - `[B, T, in]`, float32.
 * @param stride - Output steps between input steps.
 * @returns `[B, (T - 1) * stride + kernelSize, out]`.
 */
export function convTranspose1d(x: tf.Tensor3D, { kernel, bias }: ConvTranspose1dParams, stride: number): tf.Tensor3D {
  const [batch, length, channels] = x.shape;
  const [size, outputs, inputs] = kernel.shape;
  const produced = (length - 1) * stride + size;
  return tf.tidy(() => {
    const row = tf.reshape(x, [batch, 1, length, channels]) as tf.Tensor4D;
    const filter = tf.reshape(kernel, [1, size, outputs, inputs]) as tf.Tensor4D;
    const y = tf.conv2dTranspose(row, filter, [batch, 1, produced, outputs], [1, stride], 'valid');
    const flat = tf.reshape(y, [batch, produced, outputs]) as tf.Tensor3D;
    return bias ? tf.add(flat, bias) : flat;
  });
}
