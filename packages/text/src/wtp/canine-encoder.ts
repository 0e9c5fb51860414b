import * as tf from '@tensorflow/tfjs-core';
import { conv1d, layerNorm, linear } from '@tesserae/core/nn';
import { activate, bertLayer, paddingMask, patternMask } from '../bert/bert-layer';
import type { WtpCanineConfig } from './canine-config';
import type { AdapterParams, CanineLayerParams, WtpCanineParams } from './canine-weights';
import { embedCharacters } from './encoder';

/**
 * Logits of every character by a CANINE: a layer over neighbors, deep layers over molecules of a few characters, a layer
 * over all (arXiv 2305.18893, section 3.2; `LACanineForTokenClassification` of wtpsplit).
 *
 * @param ids - `[B, N, hashes]`, int32, N a multiple of `rate`.
 * @param mask - `[B, N]`, float32, 1 for what counts.
 * @param language - `[1]`, int32: row of the adapters of all texts.
 * @returns `[B, N, labels]`.
 */
export function labelByCanine(
  ids: tf.Tensor3D,
  mask: tf.Tensor2D,
  language: tf.Tensor1D | undefined,
  params: WtpCanineParams,
  config: WtpCanineConfig,
): tf.Tensor3D {
  return tf.tidy(() => {
    const { rate, localWidth, lookahead, upsamplingKernel, epsilon } = config;
    const [batch, length] = mask.shape;
    const width = config.width;
    const molecules = length / rate;
    const run = (x: tf.Tensor3D, layers: readonly CanineLayerParams[], visible: tf.Tensor4D) =>
      layers.reduce((y, layer) => canineLayer(y, layer, visible, language, config), x);
    const blockOf = (place: number): number => Math.floor(place / rate);
    const isNear = (query: number, key: number): boolean =>
      Math.floor(query / localWidth) === Math.floor(key / localWidth) &&
      (lookahead === undefined || blockOf(key % localWidth) <= blockOf(query % localWidth) + lookahead);
    const characters = run(embedCharacters(ids, params.characters, config), params.initial, patternMask(mask, isNear));

    const joined = activate(conv1d(characters, params.toMolecules.conv, { stride: rate }), config.activation);
    const moleculeMask = tf.max(tf.reshape(mask, [batch, molecules, rate]), 2) as tf.Tensor2D;
    const isBefore = (query: number, key: number): boolean => key <= query;
    const deep = run(
      layerNorm(joined, params.toMolecules.norm, epsilon) as tf.Tensor3D,
      params.deep,
      lookahead === undefined ? paddingMask(moleculeMask) : patternMask(moleculeMask, isBefore),
    );

    const repeated = tf.reshape(tf.tile(tf.reshape(deep, [batch, molecules, 1, width]), [1, 1, rate, 1]), [
      batch,
      length,
      width,
    ]);
    const before = Math.floor((upsamplingKernel - 1) / 2);
    const mixed = conv1d(tf.concat([characters, repeated], 2) as tf.Tensor3D, params.toCharacters.conv, {
      padding: [before, upsamplingKernel - 1 - before],
    });
    const projected = layerNorm(activate(mixed, config.activation), params.toCharacters.norm, epsilon) as tf.Tensor3D;
    const isBlockBefore = (query: number, key: number): boolean => blockOf(key) <= blockOf(query);
    const visible = lookahead === undefined ? paddingMask(mask) : patternMask(mask, isBlockBefore);
    return linear(run(projected, params.final, visible), params.classifier) as tf.Tensor3D;
  });
}

function canineLayer(
  x: tf.Tensor3D,
  { layer, adapter }: CanineLayerParams,
  visible: tf.Tensor4D,
  language: tf.Tensor1D | undefined,
  config: WtpCanineConfig,
): tf.Tensor3D {
  const y = bertLayer(x, layer, visible, config);
  if (!adapter) return y;
  const added = tf.add(y, adapt(y, adapter, language, config));
  return layerNorm(added, layer.norm, config.epsilon) as tf.Tensor3D;
}

/** What the adapter of a language adds; without a language that of all together. */
function adapt(
  x: tf.Tensor3D,
  params: AdapterParams,
  language: tf.Tensor1D | undefined,
  { width, adapterWidth, activation }: WtpCanineConfig,
): tf.Tensor {
  const [batch, length] = x.shape;
  const row = (table: tf.Tensor): tf.Tensor => (language ? tf.gather(table, language) : tf.mean(table, 0, true));
  const weights = row(params.down);
  const flat = tf.reshape(x, [batch * length, width]);
  const down = tf.add(tf.matMul(flat, tf.reshape(weights, [width, adapterWidth])), row(params.downBias));
  // The wasm backend remembers a matrix by its data: the same numbers in another shape have to be a copy.
  const back = tf.reshape(tf.mul(weights, 1), [adapterWidth, width]);
  const up = tf.matMul(activate(down, activation), back);
  return tf.reshape(tf.add(up, row(params.upBias)), [batch, length, width]);
}
