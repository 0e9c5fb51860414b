import * as tf from '@tensorflow/tfjs-core';
import * as v from 'valibot';
import type { WeightMap } from '../checkpoint/weight-map';
import type { Host } from '../checkpoint/weight-recipe';
import { ConfigError } from '../errors/config-error';
import { linear, type LinearParams } from '../nn/linear';
import type { Json } from '../signal/signal';
import { parseWith } from '../tokenizer/parse-with';
import { lookup } from './nearest';
import { defineQuantizer } from './quantizer';
import { type ResidualConfig, residualQuantizer, type ResidualParams } from './residual';
import { encodeVectors, type VectorForm } from './vector';

/** DAC's `VectorQuantize` (dac/nn/quantize.py). */
export interface FactorizedVectorConfig {
  /** Width of the vectors (`input_dim`). */
  readonly dim: number;
  /** Number of codes K (`codebook_size`). */
  readonly codes: number;
  /** Width of a code (`codebook_dim`). */
  readonly codeDim: number;
}

export interface FactorizedVectorParams {
  /** `[dim, codeDim]`, of a weight-normalized 1x1 convolution. */
  readonly projectIn: LinearParams;
  /** `[codeDim, dim]`, of a weight-normalized 1x1 convolution. */
  readonly projectOut: LinearParams;
  /** `[K, codeDim]`. */
  readonly codebook: tf.Tensor2D;
}

/** Directions are compared by squared distance; the code comes back as it is. */
export const factorizedForm: VectorForm = { normalizeQuery: true, normalizeCodebook: true };

const count = v.pipe(v.number(), v.integer(), v.minValue(1));
const schema = v.object({ input_dim: count, codebook_size: count, codebook_dim: count });

function weights(map: WeightMap, { dim, codes, codeDim }: FactorizedVectorConfig): Host<FactorizedVectorParams> {
  return {
    projectIn: map.linear('in_proj', dim, codeDim, { pointwise: 1, weightNorm: true }),
    projectOut: map.linear('out_proj', codeDim, dim, { pointwise: 1, weightNorm: true }),
    codebook: map.codebook('codebook.weight', codes, codeDim),
  };
}

/**
 * `factorized-vector`: a codebook of few dimensions between two projections (improved VQGAN, arXiv 2110.04627; DAC,
 * arXiv 2306.06546).
 *
 * `encode` also gives `projected` `[..., codeDim]`: what was compared.
 */
export const factorizedVectorQuantizer = defineQuantizer<FactorizedVectorConfig, FactorizedVectorParams>({
  kind: 'factorized-vector',
  parseConfig(json) {
    const args = parseWith(schema, json, 'factorized vector quantizer');
    return { dim: args.input_dim, codes: args.codebook_size, codeDim: args.codebook_dim };
  },
  weights,
  bitsPerToken: ({ codes }) => Math.log2(codes),
  encode: (z, params) =>
    tf.tidy(() => {
      const projected = linear(z, params.projectIn);
      const { ids, margins } = encodeVectors(projected, params.codebook, factorizedForm);
      return { ids, margins, projected, codes: decodeFactorized(ids, params) };
    }),
  decode: (ids, params) => decodeFactorized(ids, params),
});

function decodeFactorized(ids: tf.Tensor, { codebook, projectOut }: FactorizedVectorParams): tf.Tensor {
  return tf.tidy(() => linear(lookup(codebook, ids), projectOut));
}

/** DAC's `ResidualVectorQuantize`. */
export interface ResidualFactorizedConfig extends ResidualConfig<FactorizedVectorConfig> {
  /** Share of the items of a training batch that keep some layers only (`quantizer_dropout`). Default 0. */
  readonly quantizerDropout: number;
}

export type ResidualFactorizedParams = ResidualParams<FactorizedVectorParams>;

const residualSchema = v.object({
  input_dim: v.optional(count, 512),
  n_codebooks: v.optional(count, 9),
  codebook_size: v.optional(count, 1024),
  codebook_dim: v.optional(v.union([count, v.array(count)]), 8),
  quantizer_dropout: v.optional(v.pipe(v.union([v.number(), v.boolean()]), v.transform(Number)), 0),
  n_quantizers: v.optional(v.nullable(count), null),
});

/**
 * Arguments of the official constructor, and `n_quantizers` of its forward pass.
 *
 * @throws {ConfigError} Also for widths of another number than layers, or more layers in use than there are.
 */
export function parseResidualFactorizedConfig(json: Json): ResidualFactorizedConfig {
  const where = 'residual factorized vector quantizer';
  const args = parseWith(residualSchema, json, where);
  const { n_codebooks: count, codebook_dim: given, n_quantizers: used } = args;
  const widths = typeof given === 'number' ? new Array<number>(count).fill(given) : given;
  if (widths.length < count) {
    throw new ConfigError(`${where}: codebook_dim`, `${count} widths, one a codebook`, `${widths.length}`);
  }
  if (used !== null && used > count) throw new ConfigError(`${where}: n_quantizers`, `1..${count}`, `${used}`);
  const { input_dim: dim, codebook_size: codes } = args;
  return {
    layers: widths.slice(0, count).map((codeDim) => ({ dim, codes, codeDim })),
    quantizerDropout: args.quantizer_dropout,
    ...(used !== null && { usedLayers: used }),
  };
}

const residual = residualQuantizer({
  kind: 'residual-factorized',
  inner: factorizedVectorQuantizer,
  parseConfig: parseResidualFactorizedConfig,
  layerKey: (index) => `quantizers.${index}`,
  layerAxis: 1,
});

/**
 * `residual-factorized`: residual quantization by DAC.
 *
 * ids are `[B, Q, ...]`; `encode` also gives `projected` `[B, ..., Σ codeDim]`, the official latents.
 */
export const residualFactorizedQuantizer = defineQuantizer<ResidualFactorizedConfig, ResidualFactorizedParams>({
  ...residual,
  parseConfig: parseResidualFactorizedConfig,
});

/**
 * Quantizes latents, the vectors between the projections (DAC, `from_latents`).
 *
 * @param latents - `[B, ..., L]`: those of all layers, or of the first ones, side by side. A rest that is too narrow for
 *   a layer is left out.
 * @returns `ids` `[B, Q, ...]`, `codes` `[B, ..., dim]`, and `latentCodes`: the rows chosen, side by side.
 */
export function quantizeLatents(
  latents: tf.Tensor,
  { layers }: ResidualFactorizedParams,
  config: ResidualFactorizedConfig,
): { readonly ids: tf.Tensor; readonly codes: tf.Tensor; readonly latentCodes: tf.Tensor } {
  return tf.tidy(() => {
    const leading = latents.shape.slice(0, -1);
    const ids: tf.Tensor[] = [];
    const rows: tf.Tensor[] = [];
    const outputs: tf.Tensor[] = [];
    let start = 0;
    for (const [index, { codeDim }] of config.layers.entries()) {
      if (start + codeDim > latents.shape.at(-1)!) break;
      const part = tf.slice(latents, [...leading.map(() => 0), start], [...leading, codeDim]);
      const { codebook, projectOut } = layers[index]!;
      const found = encodeVectors(part, codebook, factorizedForm);
      const chosen = lookup(codebook, found.ids);
      ids.push(found.ids);
      rows.push(chosen);
      outputs.push(linear(chosen, projectOut));
      start += codeDim;
    }
    return { ids: tf.stack(ids, 1), codes: tf.addN(outputs), latentCodes: tf.concat(rows, -1) };
  });
}
