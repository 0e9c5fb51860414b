import type * as tf from '@tensorflow/tfjs-core';
import type { Host, WeightMap, WeightRecipe, WeightTensor } from '@tesserae/core';
import type { Conv1dParams, LinearParams, NormParams } from '@tesserae/core/nn';
import {
  readSeanetDecoder,
  readSeanetEncoder,
  type SeanetDecoderParams,
  type SeanetEncoderParams,
} from '../seanet/weights';
import type { MimiConfig, MimiTransformerConfig } from './config';

export interface MimiLayerParams {
  readonly norm1: NormParams;
  /** `[W, 3W]`: q, k, v side by side; the widths of a head in pairs that are rotated together. */
  readonly qkv: LinearParams;
  readonly out: LinearParams;
  /** `[W]`; absent without layer scale. */
  readonly scale1?: tf.Tensor1D;
  readonly norm2: NormParams;
  readonly wide: LinearParams;
  readonly narrow: LinearParams;
  readonly scale2?: tf.Tensor1D;
}

export interface MimiTransformerParams {
  /** Absent where latents have the width of the transformer. */
  readonly projectIn?: LinearParams;
  readonly layers: readonly MimiLayerParams[];
  readonly projectOut?: LinearParams;
}

/** A codebook as its training keeps it: every code is its sum divided by its count. */
export interface MimiCodebookParams {
  /** `[K, dim]`. */
  readonly sums: tf.Tensor2D;
  /** `[K]`. */
  readonly counts: tf.Tensor1D;
}

/** Codebooks that quantize one after the other, between projections of their own. */
export interface MimiResidualParams {
  readonly projectIn: LinearParams;
  readonly codebooks: readonly MimiCodebookParams[];
  readonly projectOut: LinearParams;
}

export interface MimiQuantizerParams {
  /** The semantic codebook. */
  readonly first: MimiResidualParams;
  /** The acoustic ones; absent where there are none. */
  readonly rest?: MimiResidualParams;
}

export interface MimiParams {
  readonly encoder: SeanetEncoderParams;
  readonly encoderTransformer: MimiTransformerParams;
  readonly downsample: Conv1dParams;
  readonly quantizer: MimiQuantizerParams;
  /** `[2 * stride, width]`: a kernel for every channel. */
  readonly upsample: tf.Tensor2D;
  readonly decoderTransformer: MimiTransformerParams;
  readonly decoder: SeanetDecoderParams;
}

const noBias = { bias: false } as const;

/** The keys of Moshi's `MimiModel`, those of its older attention, and those of the transformers port after `unwrap`. */
export function readWeights(map: WeightMap, config: MimiConfig): Host<MimiParams> {
  const { seanet, stride } = config;
  const { dimension } = seanet;
  const size = 2 * stride;
  const upsample = map.tensor('upsample.convtr.convtr.convtr.weight', [dimension, 1, size], {
    reshape: [dimension, size],
    permute: [1, 0],
    role: 'kernel',
  });
  return {
    encoder: readSeanetEncoder(map.at('encoder'), seanet),
    encoderTransformer: readTransformer(map.at('encoder_transformer'), config),
    downsample: map.conv1d('downsample.conv.conv.conv', dimension, dimension, size, noBias),
    quantizer: {
      first: readResidual(map.at('quantizer.rvq_first'), config, 1),
      ...(config.codebooks > 1 && {
        rest: readResidual(map.at('quantizer.rvq_rest'), config, config.codebooks - 1),
      }),
    },
    upsample,
    decoderTransformer: readTransformer(map.at('decoder_transformer'), config),
    decoder: readSeanetDecoder(map.at('decoder'), seanet),
  } as Host<MimiParams>;
}

function readTransformer(map: WeightMap, { seanet, transformer }: MimiConfig): Host<MimiTransformerParams> {
  const { width, layers } = transformer;
  const isProjected = width !== seanet.dimension;
  return {
    ...(isProjected && { projectIn: map.linear('input_proj', seanet.dimension, width, noBias) }),
    layers: map.list(
      layers,
      (index) => `transformer.layers.${index}`,
      (below) => readLayer(below, transformer),
    ),
    ...(isProjected && { projectOut: map.linear('output_projs.0', width, seanet.dimension, noBias) }),
  };
}

function readLayer(map: WeightMap, config: MimiTransformerConfig): Host<MimiLayerParams> {
  const { width, feedForward, layerScale } = config;
  const scale = (index: 1 | 2) => map.tensor(`layer_scale_${index}.scale`, [width], { role: 'scale' });
  return {
    norm1: map.norm('norm1', width),
    qkv: { kernel: readPacked(map.at('self_attn'), config) },
    out: { kernel: readKernel(map.at('self_attn'), ['out_projs.0.weight', 'out_proj.weight'], width, width) },
    ...(layerScale && { scale1: scale(1), scale2: scale(2) }),
    norm2: map.norm('norm2', width),
    wide: map.linear('linear1', width, feedForward, noBias),
    narrow: map.linear('linear2', feedForward, width, noBias),
  } as Host<MimiLayerParams>;
}

/** `[W, 3W]`, from one tensor of either name or from the three of the port. */
function readPacked(map: WeightMap, { width, heads }: MimiTransformerConfig): WeightTensor {
  const keys = ['in_projs.0.weight', 'in_proj_weight'];
  if (!map.has('q_proj.weight')) return readKernel(map, keys, width, 3 * width);
  const parts = ['q_proj.weight', 'k_proj.weight', 'v_proj.weight'];
  return inPairs(map.tensor(keys, [3 * width, width], { parts, role: 'kernel' }), width, heads);
}

/** `[outputs, inputs]` under one of some keys, transposed. */
function readKernel(map: WeightMap, keys: readonly string[], inputs: number, outputs: number): WeightTensor {
  return map.tensor(keys, [outputs, inputs], { permute: [1, 0], role: 'kernel' });
}

/**
 * `[3W, W]` of the port as `[W, 3W]`: it rotates the first half of a head with the second one and has ordered the rows
 * of queries and keys so; the official code rotates neighbors.
 */
function inPairs(packed: WeightTensor, width: number, heads: number): WeightTensor {
  const { recipe } = packed;
  const pairs = width / heads / 2;
  const rotated = (part: number) =>
    ({
      kind: 'reshape',
      of: {
        kind: 'permute',
        of: { kind: 'reshape', of: rowsOf(recipe, part, width), shape: [heads, 2, pairs, width] },
        axes: [3, 0, 2, 1],
      },
      shape: [width, width],
    }) as const;
  const value = { kind: 'permute', of: rowsOf(recipe, 2, width), axes: [1, 0] } as const;
  return {
    shape: [width, 3 * width],
    recipe: { kind: 'concat', of: [rotated(0), rotated(1), value], axis: 1 },
    async read(signal) {
      const data = await packed.read(signal);
      const out = new Float32Array(data.length);
      for (let column = 0; column < 3 * width; column += 1) {
        const row = column < 2 * width ? portRow(column, pairs) : column;
        for (let input = 0; input < width; input += 1) out[input * 3 * width + column] = data[row * width + input]!;
      }
      return out;
    },
  };
}

/** Rows of q, k or v. */
function rowsOf(of: WeightRecipe, part: number, width: number): WeightRecipe {
  return { kind: 'slice', of, axis: 0, start: part * width, size: width };
}

/** Where the port keeps an official row of queries or keys; heads are `2 * pairs` wide. */
function portRow(row: number, pairs: number): number {
  const place = row % (2 * pairs);
  return row - place + (place % 2) * pairs + Math.floor(place / 2);
}

function readResidual(
  map: WeightMap,
  { seanet, codebookSize, codebookDim }: MimiConfig,
  codebooks: number,
): Host<MimiResidualParams> {
  const projection = { bias: false, pointwise: 1 } as const;
  return {
    projectIn: map.linear('input_proj', seanet.dimension, codebookDim, projection),
    codebooks: map.list(
      codebooks,
      (index) => `vq.layers.${index}._codebook`,
      (below) => {
        below.ignore('_initialized');
        return {
          sums: below.codebook('embedding_sum', codebookSize, codebookDim),
          counts: below.tensor('cluster_usage', [codebookSize], { role: 'scale' }),
        };
      },
    ),
    projectOut: map.linear('output_proj', codebookDim, seanet.dimension, projection),
  } as Host<MimiResidualParams>;
}
