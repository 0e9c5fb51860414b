import * as v from 'valibot';
import { ConfigError } from '../errors/config-error';
import type { Json } from '../signal/signal';
import { camelKeys } from '../tokenizer/camel-keys';
import { parseWith } from '../tokenizer/parse-with';

/** Every option of `VectorQuantize` (vector-quantize-pytorch 1.31) that JSON can hold. */
export interface MultiHeadVectorConfig {
  /** Width of the vectors. */
  readonly dim: number;
  /** Number of codes K. */
  readonly codebookSize: number;
  /** Width of a code. Default `dim`. Where `codebookDim · heads` is not `dim`, linear layers lead in and out. */
  readonly codebookDim: number;
  /** Parts of a vector that are quantized apart, one id each. Default 1. */
  readonly heads: number;
  /** A codebook for each head instead of one for all. Default false. */
  readonly separateCodebookPerHead: boolean;
  /** Compare directions: vectors are scaled to length 1, codes are kept so. Default false. */
  readonly useCosineSim: boolean;
  /** A layer norm follows the projection in. Default false. */
  readonly layernormAfterProjectIn: boolean;
  /** Share of the old averages that an update keeps. Default 0.8. */
  readonly decay: number;
  /** Added to counts when codes are read out. Default 1e-5. */
  readonly eps: number;
  /** Codes follow the averages. Default true, false with directional reparameterization. */
  readonly emaUpdate: boolean;
  /** Averages are tracked, but the caller reads codes out. Default false. */
  readonly manualEmaUpdate: boolean;
  /** Codes are parameters. Default false, true with directional reparameterization. */
  readonly learnableCodebook: boolean;
  /** Training changes no code. Default false. */
  readonly freezeCodebook: boolean;
  /** The first batch gives the codes, by k-means. Default false. */
  readonly kmeansInit: boolean;
  /** Default 10. */
  readonly kmeansIters: number;
  /** Codes whose average count is below are replaced by vectors of the batch. Default 0: none. */
  readonly thresholdEmaDeadCode: number;
  /** Weight of the commitment loss. Default 1. */
  readonly commitmentWeight: number;
  /** Commit by cross-entropy over minus the distances. Default false. */
  readonly commitmentUseCrossEntropyLoss: boolean;
  /** Default 0. */
  readonly orthogonalRegWeight: number;
  /** Only codes that the batch chose count. Default false. */
  readonly orthogonalRegActiveCodesOnly: boolean;
  /** At most so many codes count, drawn at random. Default: all. */
  readonly orthogonalRegMaxCodes: number | null;
  /** Default 0. */
  readonly codebookDiversityLossWeight: number;
  /** Factor of the scores. Default 100. */
  readonly codebookDiversityTemperature: number;
  /** Training draws codes with Gumbel noise. Default false. */
  readonly stochasticSampleCodes: boolean;
  /** Divides scores when codes are drawn. Default 1. */
  readonly sampleCodebookTemp: number;
  /** Gradients reach the scores through a softmax. Default false. */
  readonly straightThrough: boolean;
  /** Default true where `dim` is above 1, false with directional reparameterization. */
  readonly rotationTrick: boolean;
  /** Adds the error in a noisy direction (DiVeQ). Default false. */
  readonly directionalReparam: boolean;
  /** Default 5e-3. */
  readonly directionalReparamVariance: number;
  /** Whether the output carries gradients to the input. Default true. */
  readonly routeGradientsToInput: boolean;
  /** Moves codes to the statistics of the batch before the search. Default false. */
  readonly affineParam: boolean;
  /** Default 0.99. */
  readonly affineParamBatchDecay: number;
  /** Default 0.9. */
  readonly affineParamCodebookDecay: number;
  /** Adds that share of the gradient of the output, 0..1. Default 0. */
  readonly syncUpdateV: number;
  /** The caller applies the in-place codebook optimizer. Default false. */
  readonly manualInPlaceOptimizerUpdate: boolean;
  /** Masked positions give zeros, otherwise their input. Default true. */
  readonly returnZerosForMaskedPadding: boolean;
  /** Layout of the official module; ours is channels last throughout. Default true. */
  readonly channelLast: boolean;
  /** As `channelLast`: image maps. Default false. */
  readonly acceptImageFmap: boolean;
  /** As `channelLast`: video maps. Default false. */
  readonly accept3dFmap: boolean;
}

const flag = (fallback: boolean) => v.optional(v.boolean(), fallback);
const choice = v.optional(v.nullable(v.boolean()), null);
const count = v.pipe(v.number(), v.integer(), v.minValue(1));
const natural = (fallback: number) => v.optional(v.pipe(v.number(), v.integer(), v.minValue(0)), fallback);
const amount = (fallback: number) => v.optional(v.pipe(v.number(), v.minValue(0)), fallback);
const share = (fallback: number) => v.optional(v.pipe(v.number(), v.minValue(0), v.maxValue(1)), fallback);

const schema = v.strictObject({
  dim: count,
  codebook_size: count,
  codebook_dim: v.optional(v.nullable(count), null),
  heads: v.optional(count, 1),
  separate_codebook_per_head: flag(false),
  decay: share(0.8),
  eps: amount(1e-5),
  freeze_codebook: flag(false),
  kmeans_init: flag(false),
  kmeans_iters: natural(10),
  sync_kmeans: flag(true),
  use_cosine_sim: flag(false),
  layernorm_after_project_in: flag(false),
  threshold_ema_dead_code: amount(0),
  channel_last: flag(true),
  accept_image_fmap: flag(false),
  accept_3d_fmap: flag(false),
  commitment_weight: amount(1),
  commitment_use_cross_entropy_loss: flag(false),
  orthogonal_reg_weight: amount(0),
  orthogonal_reg_active_codes_only: flag(false),
  orthogonal_reg_max_codes: v.optional(v.nullable(count), null),
  codebook_diversity_loss_weight: amount(0),
  codebook_diversity_temperature: amount(100),
  stochastic_sample_codes: flag(false),
  sample_codebook_temp: amount(1),
  straight_through: flag(false),
  rotation_trick: choice,
  directional_reparam: flag(false),
  directional_reparam_variance: amount(5e-3),
  sync_codebook: choice,
  sync_affine_param: flag(false),
  ema_update: choice,
  vq_bridge: v.optional(v.null(), null),
  manual_ema_update: flag(false),
  learnable_codebook: choice,
  in_place_codebook_optimizer: v.optional(v.unknown(), null),
  manual_in_place_optimizer_update: flag(false),
  affine_param: flag(false),
  affine_param_batch_decay: share(0.99),
  affine_param_codebook_decay: share(0.9),
  sync_update_v: share(0),
  return_zeros_for_masked_padding: flag(true),
  route_gradients_to_input: flag(true),
});

const where = 'multi-head vector quantizer';

/**
 * Official arguments and defaults. Ignored: those of distributed training (`sync_*`, apart from `sync_update_v`;
 * statistics are pure values here, which callers add), and `in_place_codebook_optimizer`, a function that the training
 * form takes. A `vq_bridge` is a module: transform the codes before they come in.
 *
 * @throws {ConfigError} For unknown names and for combinations that the official constructor refuses.
 */
export function parseMultiHeadVectorConfig(json: Json): MultiHeadVectorConfig {
  const {
    syncKmeans: _syncKmeans,
    syncCodebook: _syncCodebook,
    syncAffineParam: _syncAffineParam,
    vqBridge: _vqBridge,
    inPlaceCodebookOptimizer: _optimizer,
    ...args
  } = camelKeys(parseWith(schema, json, where));
  const config: MultiHeadVectorConfig = {
    ...args,
    codebookDim: args.codebookDim ?? args.dim,
    emaUpdate: args.emaUpdate ?? !args.directionalReparam,
    learnableCodebook: args.learnableCodebook ?? args.directionalReparam,
    rotationTrick: args.rotationTrick ?? (!args.directionalReparam && args.dim > 1),
  };
  refuseConflicts(config);
  return config;
}

function refuseConflicts(config: MultiHeadVectorConfig): void {
  const { learnableCodebook, straightThrough, rotationTrick, directionalReparam, useCosineSim } = config;
  const refuse = (conflict: boolean, field: string, expected: string, found: string) => {
    if (conflict) throw new ConfigError(`${where}: ${field}`, expected, found);
  };
  const estimators = [straightThrough, rotationTrick, directionalReparam].filter(Boolean).length;
  refuse(estimators > 1, 'straight_through, rotation_trick, directional_reparam', 'at most one', `${estimators}`);
  refuse(useCosineSim && learnableCodebook, 'learnable_codebook', 'false with use_cosine_sim', 'true');
  refuse(straightThrough && learnableCodebook, 'learnable_codebook', 'false with straight_through', 'true');
  refuse(config.emaUpdate && learnableCodebook, 'ema_update', 'false with learnable_codebook', 'true');
  refuse(config.affineParam && useCosineSim, 'affine_param', 'false with use_cosine_sim', 'true');
  refuse(config.syncUpdateV > 0 && !learnableCodebook, 'sync_update_v', '0 without learnable_codebook', 'more');
  refuse(
    directionalReparam && config.thresholdEmaDeadCode === 0,
    'threshold_ema_dead_code',
    'above 0 with directional_reparam',
    '0',
  );
  refuse(
    config.orthogonalRegActiveCodesOnly && config.heads > 1 && config.separateCodebookPerHead,
    'orthogonal_reg_active_codes_only',
    'false with separate codebooks',
    'true',
  );
}
