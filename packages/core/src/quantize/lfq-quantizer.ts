import * as v from 'valibot';
import { ConfigError } from '../errors/config-error';
import type { Json } from '../signal/signal';
import { parseWith } from '../tokenizer/parse-with';
import { layoutArguments, parseLayout } from './codebook-layout';
import { binaryWeights, decodeBinary, encodeBinary, type BinaryForm, type BinaryParams } from './lfq';
import { defineQuantizer } from './quantizer';

/** lucidrains' `LFQ`: the form and the weights of its losses. */
export interface LfqConfig extends BinaryForm {
  readonly entropyWeight: number;
  readonly commitmentWeight: number;
  /** Weight γ of the batch's entropy against that of one vector. */
  readonly diversity: number;
  /** Share of the vectors that the entropies are taken of. */
  readonly sampledShare: number;
  /** The entropy term becomes `softplus(term + offset)`. */
  readonly softplusOffset?: number;
  /**
   * `joint`: over all codes at once, as the official code, at most 12 bits a codebook. `factorized`: bit by bit, for more;
   * the same but for the clamp of probabilities below 1e-5.
   */
  readonly entropyForm: 'joint' | 'factorized';
}

const positive = v.pipe(v.number(), v.minValue(Number.MIN_VALUE));
const schema = v.object({
  ...layoutArguments,
  codebook_size: v.nullish(v.pipe(v.number(), v.integer(), v.minValue(2))),
  entropy_loss_weight: v.nullish(v.number(), 0.1),
  commitment_loss_weight: v.nullish(v.number(), 0),
  diversity_gamma: v.nullish(v.number(), 1),
  codebook_scale: v.nullish(positive, 1),
  frac_per_sample_entropy: v.nullish(v.pipe(positive, v.maxValue(1)), 1),
  has_projections: v.nullish(v.boolean()),
  soft_clamp_input_value: v.nullish(positive),
  cosine_sim_project_in: v.nullish(v.boolean(), false),
  cosine_sim_project_in_scale: v.nullish(positive),
  experimental_softplus_entropy_loss: v.nullish(v.boolean(), false),
  entropy_loss_offset: v.nullish(v.number(), 5),
  spherical: v.nullish(v.boolean(), false),
  orthogonal_rotation: v.nullish(v.boolean(), false),
  entropy_form: v.nullish(v.picklist(['joint', 'factorized']), 'joint'),
});

/** The options of lucidrains' `LFQ`. @throws {ConfigError} */
export function parseLfqConfig(json: Json, where = 'lfq'): LfqConfig {
  const args = parseWith(schema, json, where);
  const { codebook_scale: scale, soft_clamp_input_value: softClamp, cosine_sim_project_in_scale: cosineScale } = args;
  const layout = parseLayout(args, codebookBits(args, where), where);
  const hasProjections = args.has_projections ?? layout.hasProjections;
  if (layout.hasProjections && !hasProjections) {
    throw new ConfigError(`${where}: has_projections`, `true where dim is ${layout.dim}`, 'false');
  }
  if (softClamp != null && softClamp < scale) {
    throw new ConfigError(`${where}: soft_clamp_input_value`, `at least codebook_scale, ${scale}`, String(softClamp));
  }
  return {
    ...layout,
    hasProjections,
    order: 'msb',
    scale,
    spherical: args.spherical,
    orthogonalRotation: args.orthogonal_rotation,
    ...(softClamp == null ? {} : { softClamp }),
    ...(args.cosine_sim_project_in ? { cosineProjection: cosineScale ?? scale } : {}),
    entropyWeight: args.entropy_loss_weight,
    commitmentWeight: args.commitment_loss_weight,
    diversity: args.diversity_gamma,
    sampledShare: args.frac_per_sample_entropy,
    entropyForm: args.entropy_form,
    ...(args.experimental_softplus_entropy_loss ? { softplusOffset: args.entropy_loss_offset } : {}),
  };
}

/**
 * Bits of one codebook, from its number of codes or from the channels.
 *
 * @throws {ConfigError} Neither is given, or the number of codes is no power of 2.
 */
export function codebookBits(
  {
    dim,
    codebook_size: size,
  }: { readonly dim?: number | null | undefined; readonly codebook_size?: number | null | undefined },
  where: string,
): number {
  const bits = size == null ? dim : Math.log2(size);
  if (bits == null) throw new ConfigError(`${where}: codebook_size`, 'codebook_size or dim', 'neither');
  if (!Number.isInteger(bits)) throw new ConfigError(`${where}: codebook_size`, 'a power of 2', String(size));
  return bits;
}

/**
 * Lookup-free quantization with every option of lucidrains/vector-quantize-pytorch 1.31,
 * `lookup_free_quantization.py`. The first channel is the most significant bit. ids `[...]`, or `[..., C]` with several
 * codebooks.
 */
export const lfqQuantizer = defineQuantizer<LfqConfig, BinaryParams>({
  kind: 'lfq',
  parseConfig: (json) => parseLfqConfig(json),
  weights: binaryWeights,
  bitsPerToken: ({ codebooks, codebookDim }) => codebooks * codebookDim,
  encode: encodeBinary,
  decode: decodeBinary,
});
