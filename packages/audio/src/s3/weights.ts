import type * as tf from '@tensorflow/tfjs-core';
import type { Host, WeightMap } from '@tesserae/core';
import {
  type Conv1dParams,
  type DepthwiseConv1dParams,
  type LinearParams,
  type NormParams,
  s3FsqQuantizer,
  type S3FsqParams,
} from '@tesserae/core/nn';
import type { S3Config } from './config';

export interface S3AttentionParams {
  readonly query: LinearParams;
  /** Without bias, except in version 3. */
  readonly key: LinearParams;
  readonly value: LinearParams;
  readonly out: LinearParams;
  /** `[31, width]`; absent in version 1. */
  readonly memory?: DepthwiseConv1dParams;
}

export interface S3BlockParams {
  readonly attentionNorm: NormParams;
  readonly attention: S3AttentionParams;
  readonly mlpNorm: NormParams;
  readonly wide: LinearParams;
  readonly narrow: LinearParams;
}

export interface S3EncoderParams {
  readonly conv1: Conv1dParams;
  readonly conv2: Conv1dParams;
  /** `[positions, width]`; version 1. */
  readonly positions?: tf.Tensor2D;
  readonly blocks: readonly S3BlockParams[];
}

/** A codebook `[codes, width]` (version 1), or the map to the eight numbers that are rounded. */
export type S3QuantizerParams = { readonly codebook: tf.Tensor2D } | S3FsqParams;

export interface S3Params {
  readonly encoder: S3EncoderParams;
  readonly quantizer: S3QuantizerParams;
}

/** Steps that the memory sees. */
export const memorySize = 31;

/** Official keys of `S3Tokenizer`, `S3TokenizerV2` and `S3TokenizerV3`. */
export function readWeights(map: WeightMap, config: S3Config): Host<S3Params> {
  const { version, mels, width, positions, layers, codebookSize } = config;
  const encoder = map.at('encoder');
  const codebook = map.at('quantizer._codebook');
  return {
    encoder: {
      conv1: encoder.conv1d('conv1', mels, width, 3),
      conv2: encoder.conv1d('conv2', width, width, 3),
      ...(version === 1 && { positions: encoder.tensor('positional_embedding', [positions, width]) }),
      blocks: encoder.list(
        layers,
        (index) => `blocks.${index}`,
        (block) => readBlock(block, config),
      ),
    },
    quantizer:
      version === 1
        ? { codebook: codebook.codebook('embed', codebookSize, width) }
        : s3FsqQuantizer.weights(codebook, { dim: width }),
  } as Host<S3Params>;
}

function readBlock(map: WeightMap, { version, width }: S3Config): Host<S3BlockParams> {
  const attention = map.at('attn');
  return {
    attentionNorm: map.norm('attn_ln', width),
    attention: {
      query: attention.linear('query', width, width),
      key: attention.linear('key', width, width, { bias: version === 3 }),
      value: attention.linear('value', width, width),
      out: attention.linear('out', width, width),
      ...(version > 1 && { memory: readMemory(attention, width) }),
    },
    mlpNorm: map.norm('mlp_ln', width),
    wide: map.linear('mlp.0', width, 4 * width),
    narrow: map.linear('mlp.2', 4 * width, width),
  } as Host<S3BlockParams>;
}

function readMemory(map: WeightMap, width: number): Host<DepthwiseConv1dParams> {
  const kernel = map.tensor('fsmn_block.weight', [width, 1, memorySize], {
    reshape: [width, memorySize],
    permute: [1, 0],
    role: 'kernel',
  });
  return { kernel } as Host<DepthwiseConv1dParams>;
}
