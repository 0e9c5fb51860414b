import * as tf from '@tensorflow/tfjs-core';
import {
  conv1d,
  type Conv1dParams,
  convTranspose1d,
  type ConvTranspose1dParams,
  depthwiseConv1d,
} from '@tesserae/core/nn';
import { strideTrim, unitDilations } from './config';
import type { SnakeUnitParams } from './weights';

/** What the official code adds before it divides. */
const epsilon = 1e-9;

/**
 * Snake (arXiv 2006.08195): `x + sin²(alpha · x) / (alpha + 1e-9)`, with an alpha a channel.
 *
 * @param x - `[B, T, C]`, float32.
 * @param alpha - `[C]`.
 */
export function snake(x: tf.Tensor3D, alpha: tf.Tensor1D): tf.Tensor3D {
  return tf.tidy(() => {
    const wave = tf.sin(tf.mul(x, alpha));
    return tf.add(x, tf.mul(tf.mul(wave, wave), tf.reciprocal(tf.add(alpha, epsilon))));
  });
}

/**
 * A convolution that keeps the length, with zeros at both ends; of every channel by itself where the kernel has one
 * input for many channels.
 *
 * @param x - `[B, T, in]`, float32.
 * @param params - Kernel of an odd number of taps.
 * @returns `[B, T, out]`.
 */
export function sameConv(x: tf.Tensor3D, params: Conv1dParams, dilation = 1): tf.Tensor3D {
  const [size, inputs, outputs] = params.kernel.shape;
  const side = ((size - 1) * dilation) / 2;
  const options = { dilation, padding: [side, side] } as const;
  if (inputs === x.shape[2]) return conv1d(x, params, options);
  return tf.tidy(() => {
    const kernel = tf.reshape(params.kernel, [size, outputs]) as tf.Tensor2D;
    return depthwiseConv1d(x, { ...params, kernel }, options);
  });
}

/** Three residual units of dilations 1, 3 and 9: Snake, convolution, Snake, pointwise convolution, and the input added. */
export function residualUnits(x: tf.Tensor3D, units: readonly SnakeUnitParams[]): tf.Tensor3D {
  return tf.tidy(() =>
    units.reduce((before, { alpha1, conv1, alpha2, conv2 }, index) => {
      const inner = sameConv(snake(before, alpha1), conv1, unitDilations[index]!);
      return tf.add(before, sameConv(snake(inner, alpha2), conv2)) as tf.Tensor3D;
    }, x),
  );
}

/**
 * A transposed convolution of twice as many taps as its stride, cut at both ends.
 *
 * @param x - `[B, T, in]`, float32.
 * @param extra - Steps more at the end (`output_padding`).
 * @returns `[B, T * stride, out]`; without extra steps one less where the stride is odd.
 */
export function trimmedTranspose(
  x: tf.Tensor3D,
  params: ConvTranspose1dParams,
  stride: number,
  extra: number,
): tf.Tensor3D {
  const trim = strideTrim(stride);
  return convTranspose1d(x, params, stride, [trim, trim - extra]);
}
