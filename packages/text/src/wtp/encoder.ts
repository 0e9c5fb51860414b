import * as tf from '@tensorflow/tfjs-core';
import { layerNorm, linear } from '@tesserae/core/nn';
import { bertLayer, paddingMask } from '../bert/bert-layer';
import type { WtpConfig } from './config';
import type { CharacterTables, WtpParams } from './weights';

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
    let x = embedCharacters(ids, params.characters, config);
    const visible = paddingMask(mask);
    for (const layer of params.layers) x = bertLayer(x, layer, visible, config);
    return linear(x, params.classifier) as tf.Tensor3D;
  });
}

/**
 * Vectors of hashed characters, of their places and of the only type.
 *
 * @param ids - `[B, N, hashes]`, int32.
 * @returns `[B, N, width]`.
 */
export function embedCharacters(
  ids: tf.Tensor3D,
  { tables, positions, types, norm }: CharacterTables,
  { epsilon }: { readonly epsilon: number },
): tf.Tensor3D {
  return tf.tidy(() => {
    const hashes = tf.unstack(ids, 2);
    const characters = tf.concat(
      tables.map((table, hash) => tf.gather(table as tf.Tensor, hashes[hash]!)),
      2,
    );
    const places = tf.slice(positions, [0, 0], [ids.shape[1], -1]);
    const type = tf.slice(types, [0, 0], [1, -1]);
    return layerNorm(tf.add(tf.add(characters, type), places), norm, epsilon) as tf.Tensor3D;
  });
}
