import * as tf from '@tensorflow/tfjs-core';
import { gelu, layerNorm, linear, type LinearParams } from '@tesserae/core/nn';
import type { BertActivation, BertLayerParams, BertSizes } from './weights';

/** Low enough that its exponential is zero beside any score. */
const hiddenScore = -1e30;

/**
 * A layer of BERT.
 *
 * @param x - `[B, N, width]`, float32.
 * @param mask - Added to the scores, `[B or 1, 1, N or 1, N]`: {@link paddingMask}, {@link lookaheadMask}.
 * @returns `[B, N, width]`.
 */
export function bertLayer(
  x: tf.Tensor3D,
  params: BertLayerParams,
  mask: tf.Tensor4D,
  sizes: Pick<BertSizes, 'heads' | 'activation' | 'epsilon'>,
): tf.Tensor3D {
  return tf.tidy(() => {
    const attended = linear(maskedAttention(x, params, mask, sizes.heads), params.attentionOut);
    const middle = layerNorm(tf.add(x, attended), params.attentionNorm, sizes.epsilon);
    const inner = activate(linear(middle, params.inner), sizes.activation);
    return layerNorm(tf.add(middle, linear(inner, params.outer)), params.norm, sizes.epsilon) as tf.Tensor3D;
  });
}

/** What the heads of a layer mix, side by side, before its output map: `[B, N, width]`. */
export function maskedAttention(
  x: tf.Tensor3D,
  { query, key, value }: Pick<BertLayerParams, 'query' | 'key' | 'value'>,
  mask: tf.Tensor4D,
  heads: number,
): tf.Tensor3D {
  const [batch, length, width] = x.shape;
  return tf.tidy(() => {
    const split = (params: LinearParams) =>
      tf.transpose(tf.reshape(linear(x, params), [batch, length, heads, width / heads]), [0, 2, 1, 3]);
    const scores = tf.mul(tf.matMul(split(query), split(key), false, true), 1 / Math.sqrt(width / heads));
    const mixed = tf.matMul(tf.softmax(tf.add(scores, mask)), split(value));
    return tf.reshape(tf.transpose(mixed, [0, 2, 1, 3]), [batch, length, width]);
  });
}

export function activate(x: tf.Tensor, activation: BertActivation): tf.Tensor {
  if (activation === 'relu') return tf.relu(x);
  return gelu(x, activation === 'gelu' ? 'none' : 'tanh');
}

/**
 * Hides padding from all queries.
 *
 * @param mask - `[B, N]`, 1 for what counts, 0 for padding.
 * @returns `[B, 1, 1, N]`.
 */
export function paddingMask(mask: tf.Tensor2D): tf.Tensor4D {
  const [batch, length] = mask.shape;
  return tf.tidy(() => tf.mul(tf.sub(1, tf.reshape(mask, [batch, 1, 1, length])), hiddenScore) as tf.Tensor4D);
}

/**
 * Hides padding, and from each query what is more than `lookahead` positions behind it.
 *
 * @param mask - `[B, N]`, 1 for what counts, 0 for padding.
 * @param lookahead - Positions; 0 is causal.
 * @returns `[B, 1, N, N]`.
 */
export function lookaheadMask(mask: tf.Tensor2D, lookahead: number): tf.Tensor4D {
  return patternMask(mask, (query, key) => key <= query + lookahead);
}

/**
 * Hides padding, and from each query the keys that it does not see.
 *
 * @param mask - `[B, N]`, 1 for what counts, 0 for padding.
 * @returns `[B, 1, N, N]`.
 */
export function patternMask(mask: tf.Tensor2D, isSeen: (query: number, key: number) => boolean): tf.Tensor4D {
  const [batch, length] = mask.shape;
  return tf.tidy(() => {
    const seen = Float32Array.from({ length: length * length }, (_, index) =>
      isSeen(Math.floor(index / length), index % length) ? 1 : 0,
    );
    const both = tf.mul(tf.reshape(mask, [batch, 1, 1, length]), tf.tensor4d(seen, [1, 1, length, length]));
    return tf.mul(tf.sub(1, both), hiddenScore) as tf.Tensor4D;
  });
}
