import type * as tf from '@tensorflow/tfjs-core';
import type { Host, WeightMap } from '@tesserae/core';
import type { Conv1dParams, Conv2dParams, LinearParams, NormParams } from '@tesserae/core/nn';
import type { BeatsConfig } from './config';

/** What scales the relative positions of a head for every query. */
export interface RelativeGateParams {
  /** `[width of a head, 8]`: four numbers each of two gates, which are added up. */
  readonly linear: LinearParams;
  /** `[heads]`. */
  readonly scale: tf.Tensor1D;
}

export interface BeatsAttentionParams {
  readonly query: LinearParams;
  readonly key: LinearParams;
  readonly value: LinearParams;
  readonly out: LinearParams;
  readonly gate?: RelativeGateParams;
}

export interface BeatsLayerParams {
  readonly attention: BeatsAttentionParams;
  readonly attentionNorm: NormParams;
  /** `[width, feedForward]`, twice as wide where the activation is `glu`. */
  readonly wide: LinearParams;
  readonly narrow: LinearParams;
  readonly finalNorm: NormParams;
}

export interface BeatsEncoderParams {
  readonly patch: Conv2dParams;
  readonly patchNorm: NormParams;
  /** Absent where patches have the width of the transformer. */
  readonly project?: LinearParams;
  /** `[taps, width / groups, width]`. */
  readonly positions: Conv1dParams;
  readonly norm: NormParams;
  /** `[buckets, heads]`, of all layers. */
  readonly relative?: tf.Tensor2D;
  readonly layers: readonly BeatsLayerParams[];
  /** To the vectors that are quantized, with tanh between the two. */
  readonly toLatents: readonly [LinearParams, LinearParams];
}

export interface BeatsParams {
  readonly encoder: BeatsEncoderParams;
  /** `[codes, dim]`. */
  readonly codebook: tf.Tensor2D;
}

/** The keys of `Tokenizers`. Statistics of the codebook are left out. */
export function readWeights(map: WeightMap, config: BeatsConfig): Host<BeatsParams> {
  const { patchSize, patchWidth, patchBias, width, codebookSize, codebookDim } = config;
  map.at('quantize').ignore('cluster_size', /^embedding\.(cluster_size|embed_avg|initted)$/);
  const encoder = {
    patch: map.conv2d('patch_embedding', 1, patchWidth, patchSize, { bias: patchBias }),
    patchNorm: map.norm('layer_norm', patchWidth),
    ...(patchWidth !== width && { project: map.linear('post_extract_proj', patchWidth, width) }),
    ...readTransformer(map.at('encoder'), config),
    toLatents: [map.linear('quantize_layer.0', width, width), map.linear('quantize_layer.2', width, codebookDim)],
  };
  return {
    encoder,
    codebook: map.codebook('quantize.embedding.weight', codebookSize, codebookDim),
  } as Host<BeatsParams>;
}

function readTransformer(map: WeightMap, config: BeatsConfig) {
  const { width, layers, heads, positionKernel, positionGroups, relativePositions } = config;
  // One table that every layer names; where copies differ, official loading ends with the last one.
  const tables = Array.from({ length: layers }, (_, at) => `layers.${layers - 1 - at}.self_attn.${relativeTable}`);
  map.ignore(...(relativePositions ? tables : []));
  return {
    positions: map.conv1d('pos_conv.0', width / positionGroups, width, positionKernel, {
      weightNorm: true,
      weightNormAxis: 2,
    }),
    norm: map.norm('layer_norm', width),
    ...(relativePositions && { relative: map.tensor(tables, [relativePositions.buckets, heads]) }),
    layers: map.list(
      layers,
      (index) => `layers.${index}`,
      (below) => readLayer(below, config),
    ),
  };
}

const relativeTable = 'relative_attention_bias.weight';

function readLayer(map: WeightMap, config: BeatsConfig): Host<BeatsLayerParams> {
  const { width, feedForward, activation } = config;
  return {
    attention: readAttention(map.at('self_attn'), config),
    attentionNorm: map.norm('self_attn_layer_norm', width),
    wide:
      activation === 'glu' ? map.linear('fc1.linear', width, 2 * feedForward) : map.linear('fc1', width, feedForward),
    narrow: map.linear('fc2', feedForward, width),
    finalNorm: map.norm('final_layer_norm', width),
  } as Host<BeatsLayerParams>;
}

function readAttention(map: WeightMap, { width, heads, relativePositions }: BeatsConfig): Host<BeatsAttentionParams> {
  // Gates without anything to scale lie in the file all the same.
  if (!relativePositions) map.ignore('grep_linear', 'grep_a');
  return {
    query: map.linear('q_proj', width, width),
    key: map.linear('k_proj', width, width),
    value: map.linear('v_proj', width, width),
    out: map.linear('out_proj', width, width),
    ...(relativePositions?.gated && {
      gate: {
        linear: map.linear('grep_linear', width / heads, 8),
        scale: map.tensor('grep_a', [1, heads, 1, 1], { reshape: [heads], role: 'scale' }),
      },
    }),
  } as Host<BeatsAttentionParams>;
}
