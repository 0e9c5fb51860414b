import * as v from 'valibot';
import type { Json } from '../signal/signal';
import { parseWith } from '../tokenizer/parse-with';

/** A codebook that learns by averages, outside of vector-quantize-pytorch and EnCodec. */
export interface AveragedVectorConfig {
  /** 4M (`fourm/vq/quantizers/quantize_lucid.py`), BEATs and BEiT-2 (`norm-ema`), AURORA (`sonnet`). */
  readonly flavor: '4m-euclidean' | '4m-cosine' | 'norm-ema' | 'sonnet';
  /** Width of the vectors. */
  readonly dim: number;
  /** Number of codes K. */
  readonly codebookSize: number;
  /** Width of a code; linear layers lead in and out where `heads · codebookDim` is not `dim`. */
  readonly codebookDim: number;
  /** Parts of a vector that share the codebook, one id each. Default 1. */
  readonly heads: number;
  /** Vectors are scaled to length 1 before anything else looks at them. 4M: default false; `norm-ema`: true. */
  readonly normLatents: boolean;
  /** Share of the old averages that an update keeps. Default 0.8 (4M) or 0.99. */
  readonly decay: number;
  /** Added to counts when codes are read out. Default 1e-5. */
  readonly epsilon: number;
  /** The first batch gives the codes, by k-means. Default false. */
  readonly kmeansInit: boolean;
  /** Default 10. */
  readonly kmeansIters: number;
  /** Codes whose average count is below are replaced (4M). Default 0: none. */
  readonly thresholdEmaDeadCode: number;
  /** By vectors of the batch, or by copies of the most used codes. Default `batch_random`. */
  readonly codeReplacementPolicy: 'batch_random' | 'linde_buzo_gray';
  /** Weight of the commitment loss: `commitment_weight` 1, `beta` 1, `commitment_cost` 0.25. */
  readonly commitmentWeight: number;
  /** 4M. Default 0. */
  readonly orthogonalRegWeight: number;
  readonly orthogonalRegActiveCodesOnly: boolean;
  readonly orthogonalRegMaxCodes: number | null;
  /** Divides scores when codes are drawn with Gumbel noise (4M). Default 0: the best code. */
  readonly sampleCodebookTemp: number;
}

const count = v.pipe(v.number(), v.integer(), v.minValue(1));
const amount = (fallback: number) => v.optional(v.pipe(v.number(), v.minValue(0)), fallback);
const share = (fallback: number) => v.optional(v.pipe(v.number(), v.minValue(0), v.maxValue(1)), fallback);
const flag = (fallback: boolean) => v.optional(v.boolean(), fallback);

const schema = v.variant('impl', [
  v.object({
    impl: v.literal('4m'),
    dim: count,
    codebook_size: count,
    codebook_dim: v.optional(v.nullable(count), null),
    heads: v.optional(count, 1),
    decay: share(0.8),
    eps: amount(1e-5),
    kmeans_init: flag(false),
    kmeans_iters: v.optional(count, 10),
    use_cosine_sim: flag(false),
    threshold_ema_dead_code: amount(0),
    code_replacement_policy: v.optional(v.picklist(['batch_random', 'linde_buzo_gray']), 'batch_random'),
    commitment_weight: amount(1),
    orthogonal_reg_weight: amount(0),
    orthogonal_reg_active_codes_only: flag(false),
    orthogonal_reg_max_codes: v.optional(v.nullable(count), null),
    sample_codebook_temp: amount(0),
    norm_latents: flag(false),
  }),
  v.object({
    impl: v.literal('norm-ema'),
    n_embed: count,
    embedding_dim: count,
    beta: amount(1),
    decay: share(0.99),
    eps: amount(1e-5),
    kmeans_init: flag(false),
  }),
  v.object({
    impl: v.literal('sonnet-ema'),
    num_embeddings: count,
    embedding_dim: count,
    commitment_cost: amount(0.25),
    decay: share(0.99),
    epsilon: amount(1e-5),
  }),
]);

const common = {
  heads: 1,
  kmeansInit: false,
  kmeansIters: 10,
  thresholdEmaDeadCode: 0,
  codeReplacementPolicy: 'batch_random',
  orthogonalRegWeight: 0,
  orthogonalRegActiveCodesOnly: false,
  orthogonalRegMaxCodes: null,
  sampleCodebookTemp: 0,
} as const;

/**
 * @param json - Arguments of the official class, and `impl`: `4m`, `norm-ema` or `sonnet-ema`. Ignored: layouts (channels
 *   are last here), distributed training, and paths of stored codebooks.
 * @throws {ConfigError}
 */
export function parseAveragedVectorConfig(json: Json): AveragedVectorConfig {
  const where = 'averaged vector quantizer';
  const args = parseWith(schema, json, where);
  switch (args.impl) {
    case '4m':
      return {
        ...common,
        flavor: args.use_cosine_sim ? '4m-cosine' : '4m-euclidean',
        dim: args.dim,
        codebookSize: args.codebook_size,
        codebookDim: args.codebook_dim ?? args.dim,
        heads: args.heads,
        normLatents: args.norm_latents,
        decay: args.decay,
        epsilon: args.eps,
        kmeansInit: args.kmeans_init,
        kmeansIters: args.kmeans_iters,
        thresholdEmaDeadCode: args.threshold_ema_dead_code,
        codeReplacementPolicy: args.code_replacement_policy,
        commitmentWeight: args.commitment_weight,
        orthogonalRegWeight: args.orthogonal_reg_weight,
        orthogonalRegActiveCodesOnly: args.orthogonal_reg_active_codes_only,
        orthogonalRegMaxCodes: args.orthogonal_reg_max_codes,
        sampleCodebookTemp: args.sample_codebook_temp,
      };
    case 'norm-ema':
      return {
        ...common,
        flavor: 'norm-ema',
        dim: args.embedding_dim,
        codebookSize: args.n_embed,
        codebookDim: args.embedding_dim,
        normLatents: true,
        decay: args.decay,
        epsilon: args.eps,
        kmeansInit: args.kmeans_init,
        commitmentWeight: args.beta,
      };
    case 'sonnet-ema':
      return {
        ...common,
        flavor: 'sonnet',
        dim: args.embedding_dim,
        codebookSize: args.num_embeddings,
        codebookDim: args.embedding_dim,
        normLatents: false,
        decay: args.decay,
        epsilon: args.epsilon,
        commitmentWeight: args.commitment_cost,
      };
  }
}
