import * as tf from '@tensorflow/tfjs-core';
import type { WeightMap } from '../checkpoint/weight-map';
import type { Host } from '../checkpoint/weight-recipe';
import { ShapeError } from '../errors/shape-error';
import type { Conv2dParams } from '../nn/conv2d';
import { convolutionSlots, convolutionsOf, type MultiScaleConfig, parseMultiScaleConfig } from './multi-scale-config';
import { lookup } from './nearest';
import { defineQuantizer } from './quantizer';
import { resampleMap } from './resample-scales';
import {
  joinScales,
  type ResidualScales,
  residualScales,
  type Scales,
  type ScaleStep,
  splitScales,
} from './residual-scales';
import { blendConvolution, nearestTick } from './scale-convolution';
import { encodeVectors, type VectorForm } from './vector';

export interface MultiScaleParams {
  /** `[K, C]`. */
  readonly codebook: tf.Tensor2D;
  /** φ, kernels `[3, 3, C, C]`; empty where the configuration has none. */
  readonly convolutions: readonly Conv2dParams[];
}

/** A scale with its margins, as in `NearestCodes`. */
export interface SearchedScale extends ScaleStep {
  /** `[B, h, w]`. */
  readonly margins: tf.Tensor;
}

/** How the one codebook of all scales is searched: VAR's `using_znorm` compares directions and returns rows as they are. */
export function multiScaleForm({ normalize }: Pick<MultiScaleConfig, 'normalize'>): VectorForm {
  return normalize ? { normalizeQuery: true, normalizeCodebook: true, metric: 'dot' } : {};
}

/** Which convolution each scale uses, a number a scale; all 0 where one serves all. */
export function convolutionOfScales(config: MultiScaleConfig): readonly number[] {
  const count = convolutionSlots(config);
  const { length } = config.scales;
  return config.scales.map((_, scale) => (count > 1 ? nearestTick(count, scale, length) : 0));
}

/**
 * Codes of one scale at the size of the features: bicubic, then φ.
 *
 * @param codes - `[B, h, w, C]`.
 * @param scale - Place in `config.scales`, whose last one is the size of the result.
 */
export function enlargeScale(
  codes: tf.Tensor4D,
  scale: number,
  { convolutions }: Pick<MultiScaleParams, 'convolutions'>,
  config: MultiScaleConfig,
): tf.Tensor4D {
  return tf.tidy(() => {
    const full = resampleMap(codes, config.scales.at(-1)!, 'bicubic');
    return blendConvolution(full, convolutions[convolutionOfScales(config)[scale]!], config.convolutionRatio);
  });
}

/**
 * Ids and partial sums of every scale (VAR, `f_to_idxBl_or_fhat`). Call it inside `tidy`.
 *
 * @param features - `[B, H, W, C]`, of the size of the last scale.
 * @throws {ShapeError} Features of another size.
 */
export function encodeScales(
  features: tf.Tensor4D,
  params: MultiScaleParams,
  config: MultiScaleConfig,
): ResidualScales<SearchedScale> {
  assertFeatures(features, config);
  return residualScales(features, config.scales, {
    quantize: (map) => {
      const { ids, margins } = encodeVectors(map, params.codebook, multiScaleForm(config));
      return { ids, margins, codes: lookup(params.codebook, ids) as tf.Tensor4D };
    },
    enlarge: (codes, scale) => enlargeScale(codes, scale, params, config),
  });
}

/** @throws {ShapeError} Features that are not `[B, H, W, C]` of the last scale. */
export function assertFeatures(
  features: tf.Tensor,
  { scales, dim }: { readonly scales: Scales; readonly dim: number },
): void {
  const [height, width] = scales.at(-1)!;
  const [, ...rest] = features.shape;
  if (features.rank !== 4 || rest[0] !== height || rest[1] !== width || rest[2] !== dim) {
    throw new ShapeError('multi-scale quantizer: features', `[B, ${height}, ${width}, ${dim}]`, features.shape);
  }
}

/**
 * Partial sums of ids (VAR, `embed_to_fhat`). Call it inside `tidy`.
 *
 * @param tokens - `[B, L]`, int32: ids of all scales, or of the first ones.
 * @returns `[B, H, W, C]` for every scale given, the last one the best.
 * @throws {ShapeError} L that ends within a scale.
 */
export function decodeScales(
  tokens: tf.Tensor,
  params: MultiScaleParams,
  config: MultiScaleConfig,
): readonly tf.Tensor4D[] {
  let sum: tf.Tensor4D | undefined;
  return splitScales(tokens, config.scales).map((ids, scale) => {
    const added = enlargeScale(lookup(params.codebook, ids) as tf.Tensor4D, scale, params, config);
    const next: tf.Tensor4D = sum ? tf.add(sum, added) : added;
    sum = next;
    return next;
  });
}

/**
 * What a next-scale model sees before each scale but the first: the partial sum, averaged to the size of the next scale
 * (VAR, `idxBl_to_var_input`).
 *
 * @param tokens - `[B, L]`, int32. Ids of the last scale may be left out: they are no input.
 * @returns `[B, L - tokens of the first scale, C]`, scale after scale, row by row.
 * @throws {ShapeError} One scale only, or ids that end elsewhere.
 */
export function nextScaleInputs(tokens: tf.Tensor, params: MultiScaleParams, config: MultiScaleConfig): tf.Tensor3D {
  const { scales, dim } = config;
  if (scales.length < 2) throw new ShapeError('next-scale inputs: scales', 'at least 2', [scales.length]);
  return tf.tidy(() => {
    const [batch] = tokens.shape as [number];
    const maps = decodeScales(tokens, params, config).slice(0, scales.length - 1);
    const rows = maps.map((map, scale) => tf.reshape(resampleMap(map, scales[scale + 1]!, 'area'), [batch, -1, dim]));
    return tf.concat(rows, 1) as tf.Tensor3D;
  });
}

function weights(map: WeightMap, config: MultiScaleConfig): Host<MultiScaleParams> {
  const { codes, dim, sharedConvolutions } = config;
  map.ignore('ema_vocab_hit_SV');
  const key = (index: number) =>
    sharedConvolutions === 0
      ? `quant_resi.${index}`
      : sharedConvolutions === 1
        ? 'quant_resi.qresi'
        : `quant_resi.qresi_ls.${index}`;
  return {
    codebook: map.codebook('embedding.weight', codes, dim),
    convolutions: Array.from({ length: convolutionsOf(config) }, (_, index) => map.conv2d(key(index), dim, dim, 3)),
  };
}

/**
 * `multi-scale`: residual quantization over scales with one codebook (VAR, arXiv 2404.02905; XQ-GAN and RobusTok, which
 * compare directions).
 *
 * `ids` are `[B, Σ h·w]`, coarse to fine and row by row. `decode` takes them all, or those of the first scales, and gives
 * the partial sum `[B, H, W, C]`.
 */
export const multiScaleQuantizer = defineQuantizer<MultiScaleConfig, MultiScaleParams>({
  kind: 'multi-scale',
  parseConfig: parseMultiScaleConfig,
  weights,
  bitsPerToken: ({ codes }) => Math.log2(codes),
  encode(z, params, config) {
    return tf.tidy(() => {
      const { steps, partials } = encodeScales(z as tf.Tensor4D, params, config);
      return {
        ids: joinScales(steps.map(({ ids }) => ids)),
        margins: joinScales(steps.map(({ margins }) => margins)),
        codes: tf.clone(partials.at(-1)!),
      };
    });
  },
  decode: (tokens, params, config) => tf.tidy(() => tf.clone(decodeScales(tokens, params, config).at(-1)!)),
});
