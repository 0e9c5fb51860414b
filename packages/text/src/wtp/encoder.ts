import * as tf from '@tensorflow/tfjs-core';
import { layerNorm, linear } from '@tesserae/core/nn';
import { bertLayer, paddingMask } from '../bert/bert-layer';
import type { WtpConfig } from './config';
import type { WtpParams } from './weights';

/**
 * Logits of every character (arXiv 2305.18893, section 3.2; `BertCharForTokenClassification`).
 *
 * @param ids - `[B, N, hashes]`, int32, of `characterHashes`.
 * @param mask - `[B, N]`, float32, 1 for what counts.
 * @returns `[B, N, labels]`.
 */
export function labelCharacters(
  ids: tf.Tensor3D,
  mask: tf.Tensor2D,
  params: WtpParams,
  config: WtpConfig,
): tf.Tensor3D {
  return tf.tidy(() => {
    const length = ids.shape[1];
    const hashes = tf.unstack(ids, 2);
    const characters = tf.concat(
      params.tables.map((table, hash) => tf.gather(table as tf.Tensor, hashes[hash]!)),
      2,
    );
    const positions = tf.slice(params.positions, [0, 0], [length, -1]);
    const types = tf.slice(params.types, [0, 0], [1, -1]);
    const sum = tf.add(tf.add(characters, types), positions);
    let x = layerNorm(sum, params.embeddingNorm, config.epsilon) as tf.Tensor3D;
    const visible = paddingMask(mask);
    for (const layer of params.layers) x = bertLayer(x, layer, visible, config);
    return linear(x, params.classifier) as tf.Tensor3D;
  });
}
