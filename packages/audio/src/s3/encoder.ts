import * as tf from '@tensorflow/tfjs-core';
import {
  conv1d,
  depthwiseConv1d,
  type DepthwiseConv1dParams,
  gelu,
  layerNorm,
  linear,
  scaledDotProductAttention,
  tap,
} from '@tesserae/core/nn';
import type { S3Config } from './config';
import { convolvedLengths, keyBias, stepMask } from './masks';
import { rotateHalves, type Rotation, rotation } from './rotary';
import { memorySize, type S3AttentionParams, type S3BlockParams, type S3EncoderParams } from './weights';

/** What all blocks of a run share. */
interface BlockContext {
  readonly config: S3Config;
  /** `[B, N, 1]`, 1 for tokens that count. */
  readonly mask: tf.Tensor3D;
  /** `[B, 1, 1, N]`, added to scores. */
  readonly bias: tf.Tensor4D;
  /** Versions 2 and 3. */
  readonly turn?: Rotation;
}

/**
 * `AudioEncoder`, `AudioEncoderV2` and `AudioEncoderV3`: two convolutions and pre-norm transformer blocks over all tokens.
 *
 * @param mel - Log-mel spectrogram `[B, T, mels]`, float32.
 * @param frames - Frames of every item that count, `[B]`, whole numbers as float32.
 * @returns `[B, tokens of T frames, width]`; rows behind the end of an item mean nothing.
 */
export function encodeSpectrum(
  mel: tf.Tensor3D,
  frames: tf.Tensor1D,
  params: S3EncoderParams,
  config: S3Config,
): tf.Tensor3D {
  const padding = [1, 1] as const;
  const { stride, heads, width } = config;
  const first = conv1d(masked(mel, frames), params.conv1, { stride, padding });
  const halved = convolvedLengths(frames, stride);
  const hidden = gelu(tap('encoder.conv1', first)) as tf.Tensor3D;
  const second = conv1d(masked(hidden, halved), params.conv2, { stride: 2, padding });
  const features = gelu(tap('encoder.conv2', second)) as tf.Tensor3D;
  const tokens = features.shape[1];
  const mask = stepMask(convolvedLengths(halved, 2), tokens);
  const context: BlockContext = {
    config,
    mask,
    bias: keyBias(mask),
    ...(config.version > 1 && { turn: rotation(tokens, width / heads) }),
  };
  let x = params.positions
    ? (tf.add(features, tf.slice(params.positions, [0, 0], [tokens, width])) as tf.Tensor3D)
    : features;
  params.blocks.forEach((block, index) => {
    x = tap(`encoder.block${index}`, runBlock(x, block, context));
  });
  return tap('encoder.latents', x);
}

function masked(x: tf.Tensor3D, lengths: tf.Tensor1D): tf.Tensor3D {
  return tf.mul(x, stepMask(lengths, x.shape[1]));
}

/** Only version 2 has two kinds of layer norms. */
const attentionEpsilons = { 1: 1e-5, 2: 1e-6, 3: 1e-5 } as const;
const mlpEpsilon = 1e-5;

function runBlock(x: tf.Tensor3D, params: S3BlockParams, context: BlockContext): tf.Tensor3D {
  const normed = layerNorm(x, params.attentionNorm, attentionEpsilons[context.config.version]) as tf.Tensor3D;
  const mixed = tf.add(x, attend(normed, params.attention, context));
  const hidden = gelu(linear(layerNorm(mixed, params.mlpNorm, mlpEpsilon), params.wide));
  return tf.add(mixed, linear(hidden, params.narrow));
}

function attend(x: tf.Tensor3D, params: S3AttentionParams, { config, mask, bias, turn }: BlockContext): tf.Tensor3D {
  const [batch, tokens, width] = x.shape;
  const { heads } = config;
  const split = (values: tf.Tensor): tf.Tensor4D =>
    tf.transpose(tf.reshape(values, [batch, tokens, heads, width / heads]), [0, 2, 1, 3]) as tf.Tensor4D;
  const turned = (values: tf.Tensor4D) => (turn ? rotateHalves(values, turn) : values);
  const values = linear(x, params.value) as tf.Tensor3D;
  const mixed = scaledDotProductAttention(
    turned(split(linear(x, params.query))),
    turned(split(linear(x, params.key))),
    split(values),
    bias,
  );
  const out = linear(tf.reshape(tf.transpose(mixed, [0, 2, 1, 3]), x.shape), params.out) as tf.Tensor3D;
  return params.memory ? tf.add(out, remember(values, params.memory, mask)) : out;
}

/** FSMN memory (arXiv 1512.08301, as SAN-M has it, 2006.01713): every channel of the values filtered by itself, and the values. */
function remember(values: tf.Tensor3D, memory: DepthwiseConv1dParams, mask: tf.Tensor3D): tf.Tensor3D {
  const side = (memorySize - 1) / 2;
  const known = tf.mul(values, mask) as tf.Tensor3D;
  const filtered = depthwiseConv1d(known, memory, { padding: [side, side] });
  return tf.mul(tf.add(filtered, known), mask);
}
