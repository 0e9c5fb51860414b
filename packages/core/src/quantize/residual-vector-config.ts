import * as v from 'valibot';
import { ConfigError } from '../errors/config-error';
import type { Json } from '../signal/signal';
import { parseWith } from '../tokenizer/parse-with';
import type { ImplicitCodebookConfig } from './implicit-codebook';
import { dropoutArguments, type LayerDropout, parseLayerDropout } from './layer-dropout';
import { type MultiHeadVectorConfig, parseMultiHeadVectorConfig } from './multi-head-vector-config';

/** Every option of `ResidualVQ` (vector-quantize-pytorch 1.31) that JSON can hold. */
export interface ResidualVectorConfig extends LayerDropout {
  /** Width of the vectors. */
  readonly dim: number;
  /** Width of a code. Default `dim`; linear layers lead in and out where they differ. */
  readonly codebookDim: number;
  /** Each layer, coarse to fine; they may differ in size. */
  readonly layers: readonly MultiHeadVectorConfig[];
  /** One codebook for all layers. Default false. */
  readonly sharedCodebook: boolean;
  /** Codebooks that depend on the layers before (QINCo); absent by default. */
  readonly implicit?: ImplicitCodebookConfig;
  /** The sum adds its error in a noisy direction (DiVeQ). Default false. */
  readonly diveq: boolean;
  /** Beams that training keeps; 1 takes the nearest code at once. Default 1. */
  readonly beamSize: number;
  /** Beams that encoding keeps. Default `beamSize`. */
  readonly evalBeamSize: number;
  /** Weight of the error of each layer where beams are compared. Default 1 each. */
  readonly beamScoreWeights: readonly number[];
  /** Share of the gradient that passes from a layer to the ones before, 0..1. Default 0. */
  readonly quantGradFrac: number;
}

const count = v.pipe(v.number(), v.integer(), v.minValue(1));
const where = 'residual vector quantizer';
const optionalCount = v.optional(v.nullable(count), null);
const schema = v.looseObject({
  ...dropoutArguments,
  dim: count,
  num_quantizers: optionalCount,
  codebook_size: v.union([count, v.pipe(v.array(count), v.minLength(1))]),
  codebook_dim: optionalCount,
  shared_codebook: v.optional(v.boolean(), false),
  diveq: v.optional(v.boolean(), false),
  heads: v.optional(v.literal(1), 1),
  accept_image_fmap: v.optional(v.boolean(), false),
  implicit_neural_codebook: v.optional(v.boolean(), false),
  mlp_kwargs: v.optional(v.strictObject({ dim_hidden: optionalCount, depth: v.optional(count, 4) }), {}),
  beam_size: optionalCount,
  eval_beam_size: optionalCount,
  beam_score_quantizer_weights: v.optional(v.nullable(v.array(v.number())), null),
  quant_grad_frac: v.optional(v.pipe(v.number(), v.minValue(0), v.maxValue(1)), 0),
});

/**
 * Official arguments; those of `VectorQuantize` beside them count for every layer.
 *
 * @throws {ConfigError} Also for combinations that the official constructor refuses.
 */
export function parseResidualVectorConfig(json: Json): ResidualVectorConfig {
  const {
    dim,
    num_quantizers: number,
    codebook_size: size,
    codebook_dim: givenDim,
    shared_codebook: sharedCodebook,
    diveq,
    heads: _heads,
    implicit_neural_codebook: isImplicit,
    mlp_kwargs: mlp,
    beam_size: beam,
    eval_beam_size: evalBeam,
    beam_score_quantizer_weights: scoreWeights,
    quant_grad_frac: fraction,
    quantize_dropout,
    quantize_dropout_cutoff_index,
    quantize_dropout_multiple_of,
    ...own
  } = parseWith(schema, json, where);
  const sizes = typeof size === 'number' ? new Array<number>(number ?? 0).fill(size) : size;
  const fail = (field: string, expected: string, found: unknown) => {
    throw new ConfigError(`${where}: ${field}`, expected, String(found));
  };
  if (sizes.length === 0) fail('num_quantizers', 'the number of layers, or a list of codebook sizes', 'neither');
  if (number !== null && number !== sizes.length) fail('codebook_size', `${number} sizes`, sizes.length);
  if (sharedCodebook && new Set(sizes).size > 1) fail('codebook_size', 'one size for a shared codebook', sizes);
  if (beam === null && evalBeam !== null) fail('eval_beam_size', 'none without beam_size', evalBeam);
  if (scoreWeights && scoreWeights.length !== sizes.length) {
    fail('beam_score_quantizer_weights', `${sizes.length} weights`, scoreWeights.length);
  }
  const codebookDim = givenDim ?? dim;
  const forced = {
    ...(isImplicit && { learnable_codebook: true, ema_update: false }),
    ...(sharedCodebook && { manual_ema_update: true, manual_in_place_optimizer_update: true }),
    ...(diveq && {
      ema_update: false,
      learnable_codebook: true,
      route_gradients_to_input: false,
      commitment_weight: 0,
    }),
  };
  const layers = sizes.map((codebookSize) =>
    parseMultiHeadVectorConfig({
      ...(own as Record<string, Json>),
      ...forced,
      dim: codebookDim,
      codebook_dim: codebookDim,
      codebook_size: codebookSize,
    }),
  );
  const dropout = { quantize_dropout, quantize_dropout_cutoff_index, quantize_dropout_multiple_of };
  return {
    ...parseLayerDropout(dropout, sizes.length, where),
    dim,
    codebookDim,
    layers,
    sharedCodebook,
    ...(isImplicit && { implicit: { hidden: mlp.dim_hidden ?? codebookDim, depth: mlp.depth ?? 4 } }),
    diveq,
    beamSize: beam ?? 1,
    evalBeamSize: evalBeam ?? beam ?? 1,
    beamScoreWeights: scoreWeights ?? sizes.map(() => 1),
    quantGradFrac: diveq ? 1 : fraction,
  };
}
