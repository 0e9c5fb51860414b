import * as tf from '@tensorflow/tfjs-core';
import { layerNorm, linear, tap } from '@tesserae/core/nn';
import { bertLayer, lookaheadMask, paddingMask } from '../bert/bert-layer';
import type { SatConfig } from './config';
import type { SatParams } from './weights';

/**
 * Logits of every token (arXiv 2406.16678, section 3.2; `SubwordXLMForTokenClassification`).
 *
 * @param ids - `[B, N]`, int32, special tokens at both ends.
 * @param mask - `[B, N]`, float32, 1 for what counts.
 * @returns `[B, N, labels]`.
 */
export function labelTokens(ids: tf.Tensor2D, mask: tf.Tensor2D, params: SatParams, config: SatConfig): tf.Tensor3D {
  return tf.tidy(() => {
    const { lookahead, lookaheadLayers, layers } = config;
    const step = lookahead === undefined ? undefined : Math.floor(lookahead / (lookaheadLayers ?? layers));
    let visible = step === undefined ? paddingMask(mask) : lookaheadMask(mask, step);
    let x = tap('sat.embeddings', embed(ids, params, config));
    params.layers.forEach((layer, index) => {
      if (index === lookaheadLayers) visible = lookaheadMask(mask, 0);
      x = tap(`sat.layer${index}`, bertLayer(x, layer, visible, config));
    });
    return linear(x, params.classifier) as tf.Tensor3D;
  });
}

/** Positions count tokens that are no padding, from the padding id on, as RoBERTa's do. */
function embed(ids: tf.Tensor2D, params: SatParams, { paddingId, epsilon }: SatConfig): tf.Tensor3D {
  const counts = tf.cast(tf.notEqual(ids, tf.scalar(paddingId, 'int32')), 'float32');
  const positions = tf.cast(tf.add(tf.mul(tf.cumsum(counts, 1), counts), paddingId), 'int32');
  const words = tf.gather(params.words as tf.Tensor, ids);
  const types = tf.slice(params.types, [0, 0], [1, -1]);
  const sum = tf.add(tf.add(words, types), tf.gather(params.positions as tf.Tensor, positions));
  return layerNorm(sum, params.embeddingNorm, epsilon) as tf.Tensor3D;
}
