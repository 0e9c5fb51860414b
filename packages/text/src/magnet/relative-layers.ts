import * as tf from '@tensorflow/tfjs-core';
import { gelu, layerNorm, linear } from '@tesserae/core/nn';
import type { MagnetConfig } from './config';
import type { MagnetParams, RelativeLayerParams } from './weights';

/** Low enough that its exponential is zero beside any score. */
const hiddenScore = -1e30;

type Shared = Pick<MagnetParams, 'frequencies' | 'keyBias' | 'positionBias'>;

/**
 * Causal layers of Transformer-XL without memory, norms behind the sums (arXiv 1901.02860, section 3.3).
 *
 * @param x - `[B, N, width]`, float32.
 */
export function relativeLayers(
  x: tf.Tensor3D,
  layers: readonly RelativeLayerParams[],
  shared: Shared,
  config: Pick<MagnetConfig, 'heads' | 'headWidth' | 'activation'>,
): tf.Tensor3D {
  return tf.tidy(() => {
    const length = x.shape[1];
    const positions = distanceEmbeddings(length, shared.frequencies);
    const future = futureMask(length);
    let hidden = x;
    for (const layer of layers) {
      const attended = relativeAttention(hidden, positions, future, { layer, shared, config });
      const middle = layerNorm(tf.add(hidden, attended), layer.attentionNorm);
      const inner = linear(middle, layer.inner);
      const active = config.activation === 'gelu' ? gelu(inner) : tf.relu(inner);
      hidden = layerNorm(tf.add(middle, linear(active, layer.outer)), layer.norm) as tf.Tensor3D;
    }
    return hidden;
  });
}

/** `[N, N]`: 0 up to the position itself, then too low to count. */
function futureMask(length: number): tf.Tensor2D {
  const at = (index: number) => (index % length > Math.floor(index / length) ? hiddenScore : 0);
  return tf.tensor2d(
    Float32Array.from({ length: length * length }, (_, index) => at(index)),
    [length, length],
  );
}

/** `[N, width]`: sines, then cosines of the distances N-1, …, 0. */
function distanceEmbeddings(length: number, frequencies: tf.Tensor1D): tf.Tensor2D {
  const distances = tf.tensor2d(
    Float32Array.from({ length }, (_, index) => length - 1 - index),
    [length, 1],
  );
  const angles = tf.mul(distances, tf.reshape(frequencies, [1, frequencies.size]));
  return tf.concat([tf.sin(angles), tf.cos(angles)], 1) as tf.Tensor2D;
}

interface AttentionParts {
  readonly layer: RelativeLayerParams;
  readonly shared: Shared;
  readonly config: Pick<MagnetConfig, 'heads' | 'headWidth'>;
}

function relativeAttention(
  x: tf.Tensor3D,
  positions: tf.Tensor2D,
  future: tf.Tensor2D,
  { layer, shared, config }: AttentionParts,
): tf.Tensor {
  const [batch, length] = x.shape;
  const { heads, headWidth } = config;
  const packed = tf.reshape(linear(x, layer.qkv), [batch, length, 3, heads, headWidth]);
  const [q, k, v] = tf.unstack(tf.transpose(packed, [2, 0, 3, 1, 4])) as [tf.Tensor4D, tf.Tensor4D, tf.Tensor4D];
  const places = tf.transpose(tf.reshape(linear(positions, layer.position), [length, heads, headWidth]), [1, 2, 0]);
  const biased = (bias: tf.Tensor2D) => tf.add(q, tf.reshape(bias, [1, heads, 1, headWidth]));
  const byKey = tf.matMul(biased(shared.keyBias), k, false, true);
  // Head by head, all rows of the batch at once.
  const byHead = tf.reshape(tf.transpose(biased(shared.positionBias), [1, 0, 2, 3]), [
    heads,
    batch * length,
    headWidth,
  ]);
  const distances = tf.reshape(tf.matMul(byHead as tf.Tensor3D, places as tf.Tensor3D), [heads, batch, length, length]);
  const byPlace = shiftDistances(tf.transpose(distances, [1, 0, 2, 3]) as tf.Tensor4D);
  const scores = tf.add(tf.mul(tf.add(byKey, byPlace), 1 / Math.sqrt(headWidth)), future);
  const mixed = tf.matMul(tf.softmax(scores) as tf.Tensor4D, v);
  return linear(tf.reshape(tf.transpose(mixed, [0, 2, 1, 3]), [batch, length, heads * headWidth]), layer.out);
}

/** From scores by distance to scores by key: row i moves left by `N - 1 - i`. What wraps around is masked. */
function shiftDistances(scores: tf.Tensor4D): tf.Tensor4D {
  const [batch, heads, length] = scores.shape;
  const padded = tf.pad(scores, [
    [0, 0],
    [0, 0],
    [0, 0],
    [1, 0],
  ]);
  const rows = tf.reshape(padded, [batch, heads, length + 1, length]);
  return tf.slice(rows as tf.Tensor4D, [0, 0, 1, 0], [batch, heads, length, length]);
}
