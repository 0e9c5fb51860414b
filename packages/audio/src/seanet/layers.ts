import * as tf from '@tensorflow/tfjs-core';
import {
  conv1d,
  convTranspose1d,
  firstSteps,
  groupNorm,
  lstm,
  type LstmLayerParams,
  type NormParams,
  padTime,
} from '@tesserae/core/nn';
import type { SeanetConfig } from './config';
import { convPadding } from './reach';
import type { SeanetBlockParams, SeanetConvParams, SeanetUpParams } from './weights';

/** PyTorch's default, which the official code leaves as it is. */
const normEpsilon = 1e-5;

/**
 * `SConv1d`: padded so that `ceil(T / stride)` steps come out; all of it in front where causal.
 *
 * @param x - `[B, T, in]`.
 */
export function paddedConv(
  x: tf.Tensor3D,
  { conv, norm }: SeanetConvParams,
  config: SeanetConfig,
  { stride = 1, dilation = 1 }: { readonly stride?: number; readonly dilation?: number } = {},
): tf.Tensor3D {
  const reach = (conv.kernel.shape[0] - 1) * dilation + 1;
  const [left, right] = convPadding(reach, stride, config.causal);
  // What makes the last, partial stride whole.
  const extra = Math.ceil(x.shape[1] / stride) * stride - x.shape[1];
  // Convolutions bring their own zeros.
  const zeros = config.padding === 'zero';
  const padded = zeros ? x : padTime(x, left, right + extra, config.padding);
  const padding = zeros ? ([left, right + extra] as const) : undefined;
  return normalized(conv1d(padded, conv, { stride, dilation, ...(padding && { padding }) }), norm);
}

/**
 * `SConvTranspose1d`: `T * stride` steps; what the kernel adds beyond them is cut off at the end where causal, at both
 * ends otherwise. Statistics of a norm include what is cut off.
 *
 * @param x - `[B, T, in]`.
 */
export function trimmedConvTranspose(
  x: tf.Tensor3D,
  { conv, norm }: SeanetUpParams,
  config: SeanetConfig,
  stride: number,
): tf.Tensor3D {
  const total = conv.kernel.shape[0] - stride;
  const right = config.causal ? Math.ceil(total * config.trimRightRatio) : Math.floor(total / 2);
  if (!norm) return convTranspose1d(x, conv, stride, [total - right, right]);
  const whole = normalized(convTranspose1d(x, conv, stride), norm);
  return firstSteps(whole, whole.shape[1] - total, total - right);
}

/** ELU, convolution, ELU, 1x1 convolution, and the input or its 1x1 convolution added. */
export function seanetBlock(
  x: tf.Tensor3D,
  { wide, point, shortcut }: SeanetBlockParams,
  config: SeanetConfig,
  dilation: number,
): tf.Tensor3D {
  const hidden = paddedConv(tf.elu(x), wide, config, { dilation });
  const inner = paddedConv(tf.elu(hidden), point, config);
  return tf.add(shortcut ? paddedConv(x, shortcut, config) : x, inner);
}

/** The LSTM and its input, added; the input itself without layers. */
export function seanetLstm(x: tf.Tensor3D, layers: readonly LstmLayerParams[]): tf.Tensor3D {
  return layers.length === 0 ? x : tf.add(lstm(x, layers).y, x);
}

function normalized(x: tf.Tensor3D, norm: NormParams | undefined): tf.Tensor3D {
  return norm ? (groupNorm(x, norm, 1, normEpsilon) as tf.Tensor3D) : x;
}
