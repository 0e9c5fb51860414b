import * as tf from '@tensorflow/tfjs-core';
import * as v from 'valibot';
import type { WeightMap } from '../checkpoint/weight-map';
import type { Host } from '../checkpoint/weight-recipe';
import { ConfigError } from '../errors/config-error';
import type { Conv2dParams } from '../nn/conv2d';
import type { Json } from '../signal/signal';
import { parseWith } from '../tokenizer/parse-with';
import { type MultiHeadVectorParams, multiHeadVectorQuantizer } from './multi-head-vector';
import type { MultiHeadVectorConfig } from './multi-head-vector-config';
import { defineQuantizer } from './quantizer';
import { resampleMap } from './resample-scales';
import { joinScales, residualScales, type Scales, splitScales } from './residual-scales';
import { blendConvolution, roundedPlace } from './scale-convolution';

/** Every option of `HierarchicalVQ` (vector-quantize-pytorch 1.31). */
export interface HierarchicalConfig {
  /** Of the one codebook of all scales. */
  readonly inner: MultiHeadVectorConfig;
  /** Coarse to fine, squares. */
  readonly scales: Scales;
  /** Share of the convolutions, 0..1; up to 1e-8 they are not applied (`quant_resi`). Default 0.5. */
  readonly convolutionRatio: number;
  /** 1: a convolution for all scales; up to 0: one for each; more: so many, divided among them (`share_quant_resi`). Default 1. */
  readonly sharedConvolutions: number;
}

export interface HierarchicalParams {
  readonly inner: MultiHeadVectorParams;
  /** φ, kernels `[3, 3, C, C]`; empty where they are not applied. */
  readonly convolutions: readonly Conv2dParams[];
}

const where = 'hierarchical quantizer';
const schema = v.looseObject({
  scales: v.pipe(v.array(v.pipe(v.number(), v.integer(), v.minValue(1))), v.minLength(1)),
  quant_resi: v.optional(v.pipe(v.number(), v.minValue(-1), v.maxValue(1)), 0.5),
  share_quant_resi: v.optional(v.pipe(v.number(), v.integer()), 1),
  accept_image_fmap: v.optional(v.literal(true), true),
});

/** What `HierarchicalVQ` tells its codebook where nothing else is said. */
const innerDefaults = {
  decay: 0.99,
  rotation_trick: false,
  kmeans_init: true,
  threshold_ema_dead_code: 2,
  sample_codebook_temp: 0.1,
  orthogonal_reg_max_codes: 128,
};

function parseConfig(json: Json): HierarchicalConfig {
  const { scales, quant_resi, share_quant_resi, accept_image_fmap: _, ...rest } = parseWith(schema, json, where);
  if (scales.some((side, scale) => scale > 0 && side < scales[scale - 1]!)) {
    throw new ConfigError(`${where}: scales`, 'coarse to fine', scales.join(', '));
  }
  return {
    inner: multiHeadVectorQuantizer.parseConfig({ ...innerDefaults, ...(rest as Record<string, Json>) }),
    scales: scales.map((side) => [side, side] as const),
    convolutionRatio: Math.abs(quant_resi),
    sharedConvolutions: share_quant_resi,
  };
}

function convolutionCount({ scales, sharedConvolutions }: HierarchicalConfig): number {
  return sharedConvolutions <= 0 ? scales.length : Math.min(scales.length, sharedConvolutions);
}

function weights(map: WeightMap, config: HierarchicalConfig): Host<HierarchicalParams> {
  const { inner, sharedConvolutions } = config;
  const isShared = sharedConvolutions === 1;
  const isApplied = config.convolutionRatio > 1e-8;
  if (!isApplied) map.ignore('phi_shared', 'phi_levels');
  return {
    inner: multiHeadVectorQuantizer.weights(map.at('vq'), inner),
    convolutions: Array.from({ length: isApplied ? convolutionCount(config) : 0 }, (_, index) =>
      map.conv2d(isShared ? 'phi_shared.conv' : `phi_levels.${index}.conv`, inner.dim, inner.dim, 3),
    ),
  };
}

/**
 * Codes of one scale at the size of the features: bilinear, then φ.
 *
 * @param codes - `[B, h, w, C]`.
 * @param scale - Place in `config.scales`.
 */
export function enlargeLevel(
  codes: tf.Tensor4D,
  scale: number,
  size: readonly [number, number],
  { convolutions }: Pick<HierarchicalParams, 'convolutions'>,
  config: HierarchicalConfig,
): tf.Tensor4D {
  const convolution = convolutions[roundedPlace(convolutionCount(config), scale, config.scales.length)];
  return tf.tidy(() => blendConvolution(resampleMap(codes, size, 'bilinear'), convolution, config.convolutionRatio));
}

/**
 * Sum of the codes of ids, of all scales or of the first ones.
 *
 * @param tokens - `[B, L]`, int32.
 * @param size - Height and width of the result. Default: those of the last scale, as in the official code.
 * @returns `[B, height, width, C]`.
 * @throws {ShapeError} L that ends within a scale.
 */
export function decodeHierarchy(
  tokens: tf.Tensor,
  params: HierarchicalParams,
  config: HierarchicalConfig,
  size: readonly [number, number] = config.scales.at(-1)!,
): tf.Tensor4D {
  return tf.tidy(() => {
    const levels = splitScales(tokens, config.scales).map((ids, scale) => {
      const codes = multiHeadVectorQuantizer.decode(ids, params.inner, config.inner) as tf.Tensor4D;
      return enlargeLevel(codes, scale, size, params, config);
    });
    return levels.reduce((sum, level) => tf.add(sum, level));
  });
}

/**
 * `hierarchical`: residual quantization over scales around a `multi-head-vector` codebook (`HierarchicalVQ` of
 * vector-quantize-pytorch): averages down, bilinear up.
 *
 * `z` is a map `[B, H, W, C]` of any size; `ids` are `[B, Σ s²]`, coarse to fine and row by row. `decode` takes them all,
 * or those of the first scales, and gives a map of the size of the last scale; {@link decodeHierarchy} gives others.
 */
export const hierarchicalQuantizer = defineQuantizer<HierarchicalConfig, HierarchicalParams>({
  kind: 'hierarchical',
  parseConfig,
  weights,
  bitsPerToken: ({ inner }) => multiHeadVectorQuantizer.bitsPerToken(inner),
  encode(z, params, config) {
    const [, height, width] = z.shape as [number, number, number];
    return tf.tidy(() => {
      const { steps, partials } = residualScales(z as tf.Tensor4D, config.scales, {
        quantize(map) {
          const { ids, codes, margins } = multiHeadVectorQuantizer.encode(map, params.inner, config.inner);
          return { ids: ids!, codes: codes as tf.Tensor4D, margins: margins! };
        },
        enlarge: (codes, scale) => enlargeLevel(codes, scale, [height, width], params, config),
      });
      return {
        ids: joinScales(steps.map(({ ids }) => ids)),
        margins: joinScales(steps.map(({ margins }) => margins)),
        codes: tf.clone(partials.at(-1)!),
      };
    });
  },
  decode: decodeHierarchy,
});
