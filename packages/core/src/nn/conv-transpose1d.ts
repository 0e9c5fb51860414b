import * as tf from '@tensorflow/tfjs-core';
import { conv1d } from './conv1d';

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
 * Kernels of a whole number of strides are computed as one convolution at the rate of the input that gives all steps
 * of a stride at once: no engine computes transposed ones as fast.
 *
 * @param x - `[B, T, in]`, float32.
 * @param stride - Output steps between input steps.
 * @param trim - Output steps that are left out at the beginning and at the end. Default none.
 * @returns `[B, (T - 1) * stride + kernelSize - trim, out]`.
 */
export function convTranspose1d(
  x: tf.Tensor3D,
  { kernel, bias }: ConvTranspose1dParams,
  stride: number,
  trim: readonly [number, number] = [0, 0],
): tf.Tensor3D {
  const [batch, length] = x.shape;
  const [size, outputs] = kernel.shape;
  const produced = (length - 1) * stride + size - trim[0] - trim[1];
  return tf.tidy(() => {
    const isWhole = size % stride === 0;
    const { sum, first } = isWhole ? byStrides(x, { kernel, bias }, stride, trim) : byTaps(x, { kernel, bias }, stride);
    const start = trim[0] - first;
    return start === 0 && produced === sum.shape[1] ? sum : tf.slice(sum, [0, start, 0], [batch, produced, outputs]);
  });
}

/** Output steps, the first of them being number `first`. */
interface Produced {
  readonly sum: tf.Tensor3D;
  readonly first: number;
}

type OptionalBias = { readonly kernel: tf.Tensor3D; readonly bias: tf.Tensor1D | undefined };

/** Whole strides, as few as `trim` leaves: output step `t * stride + j` is the sum over m of `x[t - m] * kernel[m * stride + j]`. */
function byStrides(
  x: tf.Tensor3D,
  { kernel, bias }: OptionalBias,
  stride: number,
  trim: readonly [number, number],
): Produced {
  const [batch, length, inputs] = x.shape;
  const [size, outputs] = kernel.shape;
  const taps = size / stride;
  const [dropped, left] = [Math.floor(trim[0] / stride), Math.floor(trim[1] / stride)];
  const phases = tf.reverse(tf.reshape(kernel, [taps, stride, outputs, inputs]), 0);
  // The steps of a stride are the faster axis: channels first, all that is left is to swap them with time.
  const filter = tf.reshape(tf.transpose(phases, [0, 3, 2, 1]), [taps, inputs, outputs * stride]) as tf.Tensor3D;
  const steps = bias && (tf.reshape(tf.tile(tf.expandDims(bias, 1), [1, stride]), [outputs * stride]) as tf.Tensor1D);
  const known = Math.max(0, dropped - (taps - 1));
  const padding = [Math.max(0, taps - 1 - dropped), Math.max(0, taps - 1 - left)] as const;
  const used = tf.slice(x, [0, known, 0], [batch, length - known - Math.max(0, left - (taps - 1)), inputs]);
  const y = conv1d(used, { kernel: filter, ...(steps && { bias: steps }) }, { padding });
  const count = y.shape[1];
  const apart = tf.transpose(tf.reshape(y, [batch, count, outputs, stride]), [0, 2, 1, 3]);
  // As the row of a picture that every convolution is: transposes of one form cancel in compiled graphs.
  const row = tf.transpose(tf.reshape(apart, [batch, outputs, 1, count * stride]), [0, 2, 3, 1]);
  return { sum: tf.reshape(row, [batch, count * stride, outputs]) as tf.Tensor3D, first: dropped * stride };
}

/** All steps, for kernels of any size. */
function byTaps(x: tf.Tensor3D, { kernel, bias }: OptionalBias, stride: number): Produced {
  const [batch, length, channels] = x.shape;
  const [size, outputs, inputs] = kernel.shape;
  const produced = (length - 1) * stride + size;
  const row = tf.reshape(x, [batch, 1, length, channels]) as tf.Tensor4D;
  const filter = tf.reshape(kernel, [1, size, outputs, inputs]) as tf.Tensor4D;
  const y = tf.conv2dTranspose(row, filter, [batch, 1, produced, outputs], [1, stride], 'valid');
  const flat = tf.reshape(y, [batch, produced, outputs]) as tf.Tensor3D;
  return { sum: bias ? tf.add(flat, bias) : flat, first: 0 };
}
