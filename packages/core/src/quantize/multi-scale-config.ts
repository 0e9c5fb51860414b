import * as v from 'valibot';
import type { Json } from '../signal/signal';
import { parseWith } from '../tokenizer/parse-with';
import type { Scales } from './residual-scales';

/** Every option of `VectorQuantizer2` of VAR (models/quant.py) and of XQ-GAN (tokenizer_image/quant.py). */
export interface MultiScaleConfig {
  /** Number of codes K (`vocab_size`). */
  readonly codes: number;
  /** Width of the features (`Cvae`). */
  readonly dim: number;
  /** Directions are compared; codes are returned as they are (`using_znorm`). Default true, as XQ-GAN has it. */
  readonly normalize: boolean;
  /** Weight of the commitment (`beta`). Default 0.25. */
  readonly beta: number;
  /** Coarse to fine, the last one of the size of the features (`v_patch_nums`). */
  readonly scales: Scales;
  /** Share of the convolutions, 0..1; up to 1e-6 there are none (`quant_resi`). Default 0.5. */
  readonly convolutionRatio: number;
  /** 0: a convolution for each scale; 1: one for all; more: so many, divided among the scales (`share_quant_resi`). Default 4. */
  readonly sharedConvolutions: number;
  /** Number of convolutions where they are not shared; 0: one for each scale (`default_qresi_counts`). Default 0. */
  readonly convolutionCount: number;
  /** Share of the items of a training batch that keep some scales only (`codebook_drop`). Default 0. */
  readonly codebookDrop: number;
}

const count = v.pipe(v.number(), v.integer(), v.minValue(1));
const natural = v.pipe(v.number(), v.integer(), v.minValue(0));
const share = v.pipe(v.number(), v.minValue(0), v.maxValue(1));
const schema = v.object({
  vocab_size: count,
  Cvae: count,
  using_znorm: v.optional(v.boolean(), true),
  beta: v.optional(v.pipe(v.number(), v.minValue(0)), 0.25),
  default_qresi_counts: v.optional(natural, 0),
  v_patch_nums: v.pipe(v.array(v.union([count, v.tuple([count, count])])), v.minLength(1)),
  quant_resi: v.optional(v.pipe(v.number(), v.minValue(-1), v.maxValue(1)), 0.5),
  share_quant_resi: v.optional(natural, 4),
  num_latent_tokens: v.optional(count),
  codebook_drop: v.optional(share, 0),
});

/**
 * Official arguments. `v_patch_nums` holds sides of squares or pairs of height and width. `num_latent_tokens`
 * has no effect: it only decides whether features are averaged to the size that they have.
 *
 * @throws {ConfigError}
 */
export function parseMultiScaleConfig(json: Json): MultiScaleConfig {
  const args = parseWith(schema, json, 'multi-scale quantizer');
  const scales = args.v_patch_nums.map((side) => (typeof side === 'number' ? ([side, side] as const) : side));
  return {
    codes: args.vocab_size,
    dim: args.Cvae,
    normalize: args.using_znorm,
    beta: args.beta,
    scales,
    convolutionRatio: Math.abs(args.quant_resi),
    sharedConvolutions: args.share_quant_resi,
    convolutionCount: args.default_qresi_counts,
    codebookDrop: args.codebook_drop,
  };
}

/** Into how many convolutions the scales are divided, whether or not there are any. */
export function convolutionSlots({ sharedConvolutions, convolutionCount, scales }: MultiScaleConfig): number {
  return sharedConvolutions === 0 ? convolutionCount || scales.length : sharedConvolutions;
}

/** Number of φ convolutions of a configuration. */
export function convolutionsOf(config: MultiScaleConfig): number {
  return config.convolutionRatio <= 1e-6 ? 0 : convolutionSlots(config);
}
