import * as tf from '@tensorflow/tfjs-core';
import { gelu, layerNorm, linear } from '@tesserae/core/nn';
import { bertLayer, paddingMask } from '../bert/bert-layer';
import { lengthInside, type ZettConfig } from './config';
import type { HeadParams, ProjectorParams, RescalerParams, ZettParams } from './weights';

/** Spellings of a batch of tokens. */
export interface SurfaceInputs {
  /** `[B, L, source width]`, float32: source embeddings; anything where the fallback counts. */
  readonly sources: tf.Tensor3D;
  /** `[B, L]`, int32: rows of the fallback table; 0 where the source counts. */
  readonly fallbackIds: tf.Tensor2D;
  /** `[B, L]`, float32: 1 where the fallback counts. */
  readonly isFallback: tf.Tensor2D;
  /** `[B, L]`, float32: 0 for padding. */
  readonly mask: tf.Tensor2D;
  /** `[1]`, int32: index of the language, where the network knows languages. */
  readonly language?: tf.Tensor1D;
}

/**
 * Embeddings of tokens from their spellings (arXiv 2405.07883, section 3; `ZettHypernet`).
 *
 * @returns `embeddings` `[B, width]`, `outputs` `[B, width]` where the model has output embeddings of their own, `bias`
 *   `[B]` where the network predicts it.
 */
export function predictEmbeddings(
  inputs: SurfaceInputs,
  params: ZettParams,
  config: ZettConfig,
): Readonly<Record<string, tf.Tensor>> {
  const { embeddingWidth, hasOutputEmbeddings, hasSingleHead } = config;
  const hidden = encodeSurface(inputs, params, config);
  const [batch] = hidden.shape;
  const predicted = applyHead(hidden, params.head);
  const input = hasSingleHead ? tf.slice(predicted, [0, 0], [batch, embeddingWidth]) : predicted;
  const results: Record<string, tf.Tensor> = { embeddings: rescale(input, params.scaler) };
  if (hasOutputEmbeddings) {
    const output = hasSingleHead
      ? tf.slice(predicted, [0, embeddingWidth], [batch, embeddingWidth])
      : applyHead(hidden, params.outputHead!);
    results['outputs'] = rescale(output, params.outScaler);
  }
  if (params.bias) results['bias'] = tf.reshape(linear(hidden, params.bias), [batch]);
  return results;
}

/** What the RoBERTa says at the first position, `[B, width]`. Its positions count from 0, not from 2. */
function encodeSurface(inputs: SurfaceInputs, params: ZettParams, config: ZettConfig): tf.Tensor2D {
  const { sources, fallbackIds, isFallback, mask, language } = inputs;
  const { surfaceLength, width, epsilon } = config;
  const [batch] = sources.shape;
  const scaled = rescale(sources, params.inScaler);
  const chosen = tf.expandDims(isFallback, 2);
  const fallback = tf.gather(params.fallback as tf.Tensor, fallbackIds);
  const mixed = tf.add(tf.mul(scaled, tf.sub(1, chosen)), tf.mul(fallback, chosen));
  const projected = project(linear(mixed, params.inputIn), params.inputProjector);
  const places = tf.slice(params.positions, [0, 0], [surfaceLength, -1]);
  let x = tf.add(tf.add(projected, places), params.types);
  let visible = mask;
  if (language) {
    // The official code takes position and type away before they are added.
    const embedded = tf.reshape(tf.gather(params.languages as tf.Tensor, language), [1, 1, width]);
    x = tf.concat([x, tf.tile(embedded, [batch, 1, 1])], 1);
    visible = tf.concat([mask, tf.ones([batch, 1])], 1);
  }
  let hidden = layerNorm(x, params.embeddingNorm, epsilon) as tf.Tensor3D;
  const hiding = paddingMask(visible);
  for (const layer of params.layers) hidden = bertLayer(hidden, layer, hiding, config);
  const first = tf.slice(hidden, [0, 0, 0], [batch, 1, width]);
  return tf.reshape(lengthInside(config) === 1 ? hidden : first, [batch, width]);
}

function applyHead(x: tf.Tensor, { projector, out }: HeadParams): tf.Tensor2D {
  return linear(project(x, projector), out) as tf.Tensor2D;
}

function project(x: tf.Tensor, { dense1, dense2, norm }: ProjectorParams): tf.Tensor {
  const inner = gelu(linear(x, dense1), 'tanh');
  return layerNorm(tf.add(gelu(linear(inner, dense2), 'tanh'), x), norm, 1e-6);
}

function rescale(x: tf.Tensor, scaler?: RescalerParams): tf.Tensor {
  return scaler ? tf.add(tf.mul(x, scaler.scale), scaler.offset) : x;
}
