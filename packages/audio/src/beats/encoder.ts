import * as tf from '@tensorflow/tfjs-core';
import { conv1d, type Conv1dParams, conv2d, gelu, layerNorm, linear, silu, tap } from '@tesserae/core/nn';
import { attend, type AttentionContext } from './attention';
import type { BeatsActivation, BeatsConfig } from './config';
import { relativeScores } from './relative-positions';
import type { BeatsEncoderParams, BeatsLayerParams } from './weights';

/**
 * Filter bank to the vectors that are quantized.
 *
 * @param bank - `[B, frames, 128]`, float32; frames that fill no patch are left out.
 * @param padding - `[B, N]`, 1 = a patch of nothing but padding: it is zero in front of the transformer, and nothing
 *   looks at it.
 * @returns `[B, N, codebookDim]`, patches in order of time, then of frequency.
 */
export function encodeBank(
  bank: tf.Tensor3D,
  padding: tf.Tensor2D | undefined,
  params: BeatsEncoderParams,
  config: BeatsConfig,
): tf.Tensor3D {
  const patches = tap('patch', embedPatches(bank, params, config));
  const [batch, steps, bands, channels] = patches.shape;
  const normed = tap('norm', layerNorm(tf.reshape(patches, [batch, steps * bands, channels]), params.patchNorm));
  const features = (params.project ? tap('project', linear(normed, params.project)) : normed) as tf.Tensor3D;
  const [first, second] = params.toLatents;
  const hidden = tf.tanh(linear(transform(features, padding, params, config), first));
  return tap('latents', linear(hidden, second) as tf.Tensor3D);
}

/** `[B, frames, 128]` to `[B, steps, bands, patchWidth]`. */
export function embedPatches(
  bank: tf.Tensor3D,
  { patch }: Pick<BeatsEncoderParams, 'patch'>,
  { patchSize }: Pick<BeatsConfig, 'patchSize'>,
): tf.Tensor4D {
  return conv2d(tf.expandDims(bank, 3) as tf.Tensor4D, patch, { stride: patchSize, padding: 0 });
}

/** `TransformerEncoder`: positions by a convolution, then the layers. */
function transform(
  features: tf.Tensor3D,
  padding: tf.Tensor2D | undefined,
  { positions, norm, relative, layers }: BeatsEncoderParams,
  config: BeatsConfig,
): tf.Tensor3D {
  const { heads, layerNormFirst, relativePositions } = config;
  const x = padding ? tf.mul(features, tf.expandDims(tf.sub(1, padding), 2)) : features;
  const placed = tf.add(x, tap('positions', gelu(convolvePositions(x as tf.Tensor3D, positions, config))));
  const context: AttentionContext = {
    heads,
    padding,
    ...(relative && relativePositions && { relative: relativeScores(relative, features.shape[1], relativePositions) }),
  };
  const start = (layerNormFirst ? placed : layerNorm(placed, norm)) as tf.Tensor3D;
  const last = layers.reduce(
    (y, layer, index) => tap(`layer${index}`, transformLayer(y, layer, context, config)),
    start,
  );
  return (layerNormFirst ? layerNorm(last, norm) : last) as tf.Tensor3D;
}

/** Every group of channels by itself, as long as before: an even number of taps has one more in front. */
function convolvePositions(
  x: tf.Tensor3D,
  { kernel, bias }: Conv1dParams,
  { positionGroups: groups }: BeatsConfig,
): tf.Tensor3D {
  const [batch, length, width] = x.shape;
  const [size] = kernel.shape;
  const channels = width / groups;
  const padding = [size >> 1, (size - 1) >> 1] as const;
  const parts = Array.from({ length: groups }, (_, group) => {
    const from = group * channels;
    const own = tf.slice(x, [0, 0, from], [batch, length, channels]);
    return conv1d(own, { kernel: tf.slice(kernel, [0, 0, from], [size, channels, channels]) }, { padding });
  });
  const y = tf.concat(parts, 2);
  return bias ? tf.add(y, bias) : y;
}

/** `TransformerSentenceEncoderLayer`: norms in front of the halves, or behind them with a scaled input. */
function transformLayer(
  x: tf.Tensor3D,
  { attention, attentionNorm, wide, narrow, finalNorm }: BeatsLayerParams,
  context: AttentionContext,
  { layerNormFirst, deepNorm, layers, activation }: BeatsConfig,
): tf.Tensor3D {
  const feedForward = (y: tf.Tensor) => linear(activate(linear(y, wide), activation), narrow);
  if (layerNormFirst) {
    const y = tf.add(x, attend(layerNorm(x, attentionNorm) as tf.Tensor3D, attention, context));
    return tf.add(y, feedForward(layerNorm(y, finalNorm)));
  }
  const scaled = (y: tf.Tensor) => (deepNorm ? tf.mul(y, (2 * layers) ** 0.25) : y);
  const y = layerNorm(tf.add(scaled(x), attend(x, attention, context)), attentionNorm);
  return layerNorm(tf.add(scaled(y), feedForward(y)), finalNorm) as tf.Tensor3D;
}

function activate(x: tf.Tensor, activation: BeatsActivation): tf.Tensor {
  switch (activation) {
    case 'relu':
      return tf.relu(x);
    case 'gelu':
      return gelu(x);
    case 'gelu-tanh':
      return gelu(x, 'tanh');
    case 'tanh':
      return tf.tanh(x);
    case 'linear':
      return x;
    case 'glu': {
      const [kept, gate] = tf.split(x, 2, -1) as [tf.Tensor, tf.Tensor];
      return tf.mul(kept, silu(gate));
    }
  }
}
