import * as tf from '@tensorflow/tfjs-core';
import * as v from 'valibot';
import { ConfigError } from '../errors/config-error';
import type { Json } from '../signal/signal';
import { parseWith } from '../tokenizer/parse-with';
import {
  layoutArguments,
  parseLayout,
  project,
  projectionWeights,
  splitCodebooks,
  type CodebookLayout,
  type Projections,
} from './codebook-layout';
import { distributions, type DistributionName } from './distributions';
import { levelsArgument } from './fsq-config';
import { mixedRadixDigits, mixedRadixNumbers } from './integer-division';
import { defineQuantizer } from './quantizer';

/** What a moment of the latents should be, and how much a difference counts. */
export interface MomentGoal {
  readonly target: number;
  readonly weight: number;
}

/** Goals of mean, variance, skewness and excess kurtosis. */
export type MomentGoals = readonly [MomentGoal, MomentGoal, MomentGoal, MomentGoal];

export interface FspConfig extends CodebookLayout {
  /** Bins of each component, equally wide after the activation. Component 0 is the least significant in ids. */
  readonly levels: readonly number[];
  /** Cumulative distribution that maps components to 0..1. */
  readonly activation: DistributionName;
  /** Codes go back through the inverse of the activation; otherwise they are scaled to variance 1. */
  readonly invertsActivation: boolean;
  /** Training: the share of components that are quantized; the others are moved inside a bin's width. */
  readonly quantizeRate: number;
  readonly moments: MomentGoals;
}

/** Standard deviation of a uniform distribution over 0..1. */
const uniformDeviation = 0.28867513459481287;
/** Distance to 0 and 1 that a component keeps: of float32 when encoding, wider when decoding, as in the official code. */
const encodeMargin = 2 ** -23;
const decodeMargin = 1e-6;

const none: MomentGoal = { target: 0, weight: 0 };
const mean: MomentGoal = { target: 0, weight: 0.1 };
const variance = (target: number): MomentGoals => [mean, { target, weight: 0.07 }, none, none];

/** The official goals by name. */
export const fspMomentPresets = {
  none: [none, none, none, none],
  var: variance(1),
  kurt: [mean, { target: 1, weight: 0.07 }, { target: 0, weight: 0.06 }, { target: 0, weight: 0.05 }],
  var_tanh: variance(0.8225),
  var_sigmoid: variance(3.29),
  var_laplace: variance(2),
} as const satisfies Readonly<Record<string, MomentGoals>>;

const { dim, projection_has_bias } = layoutArguments;
const schema = v.object({
  dim,
  projection_has_bias,
  levels: levelsArgument,
  act_name: v.nullish(v.picklist(['tanh', 'sigmoid', 'normal', 'laplace', 'cauchy']), 'tanh'),
  quantize_rate: v.nullish(v.pipe(v.number(), v.minValue(0), v.maxValue(1)), 0),
  need_inv_act: v.nullish(v.boolean(), false),
  vector_norm: v.nullish(v.picklist(['none', 'var', 'kurt', 'var_tanh', 'var_sigmoid', 'var_laplace']), 'var_tanh'),
});

/** The options of lucidrains' `FSP`. @throws {ConfigError} */
function parseConfig(json: Json): FspConfig {
  const args = parseWith(schema, json, 'fsp');
  const { levels } = args;
  const size = levels.reduce((product, count) => product * count, 1);
  if (size > 2 ** 31) throw new ConfigError('fsp: levels', 'at most 2^31 codes', `${size}`);
  return {
    ...parseLayout({ ...args, num_codebooks: 1, keep_num_codebooks_dim: false }, levels.length, 'fsp'),
    levels,
    activation: args.act_name,
    invertsActivation: args.need_inv_act,
    quantizeRate: args.quantize_rate,
    moments: fspMomentPresets[args.vector_norm],
  };
}

export interface ActivatedLatents {
  /** `[..., d]`, after the projection. */
  readonly latents: tf.Tensor;
  /** Same shape, 0..1. */
  readonly activated: tf.Tensor;
  /** Same shape, whole numbers as float32: the bin of every component. */
  readonly digits: tf.Tensor;
}

/** Projects in, activates, and finds the bins. @param z - `[..., dim]`. @throws {ShapeError} */
export function activateLatents(z: tf.Tensor, params: Projections, config: FspConfig): ActivatedLatents {
  const latents = tf.squeeze(splitCodebooks(project(z, params.projectIn), config, 'fsp'), [-2]);
  const activated = distributions[config.activation].cumulative(latents);
  const digits = tf.floor(tf.mul(tf.minimum(activated, 1 - encodeMargin), tf.tensor1d([...config.levels])));
  return { latents, activated, digits };
}

/** Middle of every bin, 0..1. */
export function binMiddles(digits: tf.Tensor, { levels }: FspConfig): tf.Tensor {
  return tf.div(tf.add(digits, 0.5), tf.tensor1d([...levels]));
}

/** What a decoder sees of components in 0..1, before the projection. */
export function valuesOfActivated(
  activated: tf.Tensor,
  { activation, invertsActivation }: FspConfig,
  margin = encodeMargin,
): tf.Tensor {
  return invertsActivation
    ? distributions[activation].quantile(tf.clipByValue(activated, margin, 1 - margin))
    : tf.div(tf.sub(activated, 0.5), uniformDeviation);
}

/** `[..., d]` bins to ids `[...]`, int32. */
export function fspIds(digits: tf.Tensor, { levels }: FspConfig): tf.Tensor {
  return mixedRadixNumbers(tf.cast(digits, 'int32'), levels);
}

/**
 * Finite scalar perturbation (arXiv 2602.17133; `finite_scalar_perturbation.py` of lucidrains/vector-quantize-pytorch):
 * components go through a cumulative distribution into equal bins. ids `[...]`, `digits` `[..., d]`.
 */
export const fspQuantizer = defineQuantizer<FspConfig, Projections>({
  kind: 'fsp',
  parseConfig,
  weights: projectionWeights,
  bitsPerToken: ({ levels }) => levels.reduce((bits, count) => bits + Math.log2(count), 0),
  encode: (z, params, config) =>
    tf.tidy(() => {
      const { activated, digits } = activateLatents(z, params, config);
      const scaled = tf.mul(activated, tf.tensor1d([...config.levels]));
      return {
        ids: fspIds(digits, config),
        digits: tf.cast(digits, 'int32'),
        codes: project(valuesOfActivated(binMiddles(digits, config), config), params.projectOut),
        margins: tf.min(tf.abs(tf.sub(scaled, tf.round(scaled))), -1),
      };
    }),
  decode: (ids, params, config) =>
    tf.tidy(() => {
      const middles = binMiddles(tf.cast(mixedRadixDigits(ids, config.levels), 'float32'), config);
      return project(valuesOfActivated(middles, config, decodeMargin), params.projectOut);
    }),
});
