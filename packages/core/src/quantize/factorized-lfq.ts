import * as v from 'valibot';
import { ConfigError } from '../errors/config-error';
import type { Json } from '../signal/signal';
import { parseWith } from '../tokenizer/parse-with';
import { parseLayout } from './codebook-layout';
import { decodeBinary, encodeBinary, type BinaryForm, type BinaryParams } from './lfq';
import { codebookBits } from './lfq-quantizer';
import { defineQuantizer } from './quantizer';

const count = v.pipe(v.number(), v.integer(), v.minValue(1));
/** Arguments of `LFQ` in Open-MAGVIT2 and of `GFQ` in WeTok, which are the same. */
const factorizedSchema = v.object({
  dim: v.nullish(count),
  codebook_size: v.nullish(v.pipe(v.number(), v.integer(), v.minValue(2))),
  num_codebooks: v.nullish(count, 1),
  sample_minimization_weight: v.nullish(v.number(), 1),
  batch_maximization_weight: v.nullish(v.number(), 1),
  token_factorization: v.nullish(v.boolean(), false),
  factorized_bits: v.nullish(v.pipe(v.array(count), v.minLength(1)), [9, 9]),
  // The official modules leave these to the model, whose configurations have the same values everywhere.
  entropy_loss_weight: v.nullish(v.number(), 0.1),
  commitment_loss_weight: v.nullish(v.number(), 0.25),
});

/** Open-MAGVIT2's `LFQ` and WeTok's `GFQ`. */
export interface FactorizedLfqConfig extends BinaryForm {
  readonly entropyWeight: number;
  readonly commitmentWeight: number;
  /** Weight of the mean entropy of one vector. */
  readonly sampleWeight: number;
  /** Weight of the entropy of the mean. */
  readonly batchWeight: number;
}

/** @param joinsCodebooks - Whether `factorized_bits` cut the bits of all codebooks together. @throws {ConfigError} */
export function parseFactorizedLfq(json: Json, where: string, joinsCodebooks: boolean): FactorizedLfqConfig {
  const args = parseWith(factorizedSchema, json, where);
  const bits = codebookBits(args, where);
  const layout = parseLayout({ ...args, projection_has_bias: true }, bits, where);
  if (layout.hasProjections) {
    throw new ConfigError(`${where}: dim`, `${bits * layout.codebooks}, there are no projections`, `${layout.dim}`);
  }
  const { token_factorization: cuts, factorized_bits: slices } = args;
  const available = joinsCodebooks ? bits * layout.codebooks : bits;
  const total = slices.reduce((sum, slice) => sum + slice, 0);
  if (cuts && total !== available) {
    throw new ConfigError(`${where}: factorized_bits`, `${available} bits together`, slices.join(' + '));
  }
  return {
    ...layout,
    order: 'lsb',
    scale: 1,
    spherical: false,
    orthogonalRotation: false,
    ...(cuts ? { slices, joinsCodebooks } : {}),
    entropyWeight: args.entropy_loss_weight,
    commitmentWeight: args.commitment_loss_weight,
    sampleWeight: args.sample_minimization_weight,
    batchWeight: args.batch_maximization_weight,
  };
}

/**
 * Lookup-free quantization of TencentARC/SEED-Voken (Open-MAGVIT2, IBQ's comparison), `lookup_free_quantize.py`. The
 * first channel is the least significant bit. No weights. With `token_factorization` ids have an axis of slices, last.
 */
export const magvit2LfqQuantizer = defineQuantizer<FactorizedLfqConfig, BinaryParams>({
  kind: 'open-magvit2-lfq',
  parseConfig: (json) => parseFactorizedLfq(json, 'open-magvit2-lfq', false),
  weights: () => ({}),
  bitsPerToken: ({ codebooks, codebookDim }) => codebooks * codebookDim,
  encode: encodeBinary,
  decode: decodeBinary,
});
