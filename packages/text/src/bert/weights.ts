import type { Host, WeightMap } from '@tesserae/core';
import type { LinearParams, NormParams } from '@tesserae/core/nn';

/** A layer of BERT and RoBERTa: norms behind the sums. */
export interface BertLayerParams {
  readonly query: LinearParams;
  readonly key: LinearParams;
  readonly value: LinearParams;
  readonly attentionOut: LinearParams;
  readonly attentionNorm: NormParams;
  readonly inner: LinearParams;
  readonly outer: LinearParams;
  readonly norm: NormParams;
}

/** Sizes that its layers share. */
export interface BertSizes {
  readonly width: number;
  readonly innerWidth: number;
  readonly heads: number;
  readonly layers: number;
  readonly activation: BertActivation;
  readonly epsilon: number;
}

/** `gelu` by the error function, `gelu_new` by the hyperbolic tangent. */
export type BertActivation = 'gelu' | 'gelu_new' | 'relu';

export const bertActivations = ['gelu', 'gelu_new', 'relu'] as const;

/** Reads `layer.0`, `layer.1`, … below an encoder, under the keys of Hugging Face. */
export function readBertLayers(map: WeightMap, sizes: BertSizes): readonly Host<BertLayerParams>[] {
  const { width, innerWidth, layers } = sizes;
  return map.list(
    layers,
    (index) => `layer.${index}`,
    (layer) => ({
      query: layer.linear('attention.self.query', width, width),
      key: layer.linear('attention.self.key', width, width),
      value: layer.linear('attention.self.value', width, width),
      attentionOut: layer.linear('attention.output.dense', width, width),
      attentionNorm: layer.norm('attention.output.LayerNorm', width),
      inner: layer.linear('intermediate.dense', width, innerWidth),
      outer: layer.linear('output.dense', innerWidth, width),
      norm: layer.norm('output.LayerNorm', width),
    }),
  );
}
