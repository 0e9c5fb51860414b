import * as tf from '@tensorflow/tfjs-core';
import * as v from 'valibot';
import type { Host } from '../checkpoint/weight-recipe';
import { ConfigError } from '../errors/config-error';
import type { Json } from '../signal/signal';
import { parseWith } from '../tokenizer/parse-with';
import {
  layoutArguments,
  leaveCodebookAxis,
  mergeCodebooks,
  parseLayout,
  project,
  projectionWeights,
  splitCodebooks,
  withCodebookAxis,
  type CodebookLayout,
  type Projections,
} from './codebook-layout';
import { fsqVocabularySize } from './fsq';
import { levelsArgument } from './fsq-config';
import { mixedRadixDigits, mixedRadixNumbers } from './integer-division';
import { defineQuantizer } from './quantizer';

export interface LatentConfig extends CodebookLayout {
  /** Number of values of each component. Component 0 is the least significant in ids. */
  readonly levels: readonly number[];
  /** Whether the values are weights (`optimize_values`); otherwise they are {@link uniformValues}. */
  readonly storesValues: boolean;
  /** Weight of `mse(sg(z), out)`. */
  readonly commitmentWeight: number;
  /** Weight of `mse(sg(out), z)`. */
  readonly quantizationWeight: number;
}

export interface LatentParams extends Projections {
  /** `[levels[i]]` each; absent where they are not stored. */
  readonly values?: readonly tf.Tensor1D[];
}

const count = v.pipe(v.number(), v.integer(), v.minValue(1));
const { dim, num_codebooks, keep_num_codebooks_dim } = layoutArguments;
const schema = v.object({
  dim,
  num_codebooks,
  keep_num_codebooks_dim,
  levels: v.union([levelsArgument, v.pipe(count, v.minValue(2))]),
  codebook_dim: v.nullish(v.pipe(v.number(), v.integer()), -1),
  commitment_loss_weight: v.nullish(v.number(), 0.1),
  quantization_loss_weight: v.nullish(v.number(), 0.1),
  optimize_values: v.nullish(v.boolean(), true),
});

/** The options of lucidrains' `LatentQuantize`. @throws {ConfigError} */
function parseConfig(json: Json): LatentConfig {
  const args = parseWith(schema, json, 'latent');
  const { codebook_dim: given } = args;
  if (typeof args.levels === 'number' && given < 1) {
    throw new ConfigError('latent: codebook_dim', 'a number of components where levels is one number', String(given));
  }
  const levels = typeof args.levels === 'number' ? new Array<number>(given).fill(args.levels) : args.levels;
  if (given > 0 && given !== levels.length) {
    throw new ConfigError('latent: codebook_dim', `${levels.length}, the number of levels`, String(given));
  }
  const size = fsqVocabularySize({ levels, bound: 'tanh' });
  if (size > 2 ** 31) throw new ConfigError('latent: levels', 'at most 2^31 codes', String(size));
  return {
    ...parseLayout({ ...args, projection_has_bias: true }, levels.length, 'latent'),
    levels,
    storesValues: args.optimize_values,
    commitmentWeight: args.commitment_loss_weight,
    quantizationWeight: args.quantization_loss_weight,
  };
}

/** The values that training begins with: `i / L - 1/2` for an even number, from -1/2 to 1/2 for an odd one. */
export function uniformValues(levels: number): readonly number[] {
  const steps = levels % 2 === 0 ? levels : levels - 1;
  return Array.from({ length: levels }, (_, index) => index / steps - 0.5);
}

export interface NearestValues {
  /** `[..., C, d]`: what was quantized. */
  readonly latents: tf.Tensor;
  /** Same shape, int32: place of the nearest value of each component, the first one of equal distances. */
  readonly digits: tf.Tensor;
  /** Same shape: those values. */
  readonly codes: tf.Tensor;
  /** `[..., C]`: how much farther the second nearest value was, for the closest decision. */
  readonly margins: tf.Tensor;
}

/** Projects in and takes the nearest value of every component. @param z - `[..., dim]`. @throws {ShapeError} */
export function nearestValues(z: tf.Tensor, params: LatentParams, config: LatentConfig): NearestValues {
  const latents = splitCodebooks(project(z, params.projectIn), config, 'latent');
  const columns = tf.unstack(latents, -1).map((column, index) => {
    const values = valuesOf(params, config, index);
    const distances = tf.abs(tf.sub(tf.expandDims(column, -1), values));
    const digit = tf.argMin(distances, -1);
    const chosen = tf.oneHot(digit, config.levels[index]!);
    const others = tf.where(tf.cast(chosen, 'bool'), tf.fill(distances.shape, 3.4e38), distances);
    const margin = tf.sub(tf.min(others, -1), tf.min(distances, -1));
    return { digit, code: valuesAt(values, digit), margin };
  });
  const stacked = (name: 'digit' | 'code' | 'margin') =>
    tf.stack(
      columns.map((column) => column[name]),
      -1,
    );
  return { latents, digits: stacked('digit'), codes: stacked('code'), margins: tf.min(stacked('margin'), -1) };
}

/** Values of digits, `[..., C, d]`. */
function valuesOfDigits(digits: tf.Tensor, params: LatentParams, config: LatentConfig): tf.Tensor {
  const columns = tf.unstack(digits, -1).map((digit, index) => valuesAt(valuesOf(params, config, index), digit));
  return tf.stack(columns, -1);
}

/**
 * Latent quantization (arXiv 2305.18378; `latent_quantization.py` of lucidrains/vector-quantize-pytorch): every component
 * has a list of values of its own. ids `[...]`, or `[..., C]` with several codebooks.
 *
 * Ids count the places of the values found. The official ones are computed back from the values as if those were
 * uniform, and cut off: with some numbers of levels, and with learned values, they come out too low now and then.
 */
export const latentQuantizer = defineQuantizer<LatentConfig, LatentParams>({
  kind: 'latent',
  parseConfig,
  weights: (map, config) =>
    ({
      ...projectionWeights(map, config),
      ...(config.storesValues
        ? { values: config.levels.map((levels, index) => map.tensor(`values_per_latent.${index}`, [levels])) }
        : {}),
    }) as Host<LatentParams>,
  bitsPerToken: ({ levels, codebooks }) => codebooks * levels.reduce((bits, level) => bits + Math.log2(level), 0),
  encode: (z, params, config) =>
    tf.tidy(() => {
      const { digits, codes, margins } = nearestValues(z, params, config);
      return {
        ids: leaveCodebookAxis(mixedRadixNumbers(digits, config.levels), config),
        digits,
        codes: project(mergeCodebooks(codes), params.projectOut),
        margins: leaveCodebookAxis(margins, config),
      };
    }),
  decode: (ids, params, config) =>
    tf.tidy(() => {
      const digits = mixedRadixDigits(withCodebookAxis(ids, config), config.levels);
      return project(mergeCodebooks(valuesOfDigits(digits, params, config)), params.projectOut);
    }),
});

function valuesOf({ values }: LatentParams, { levels }: LatentConfig, index: number): tf.Tensor1D {
  return values?.[index] ?? tf.tensor1d([...uniformValues(levels[index]!)]);
}

function valuesAt(values: tf.Tensor1D, digit: tf.Tensor): tf.Tensor {
  return tf.reshape(tf.gather(values, tf.reshape(digit, [digit.size]) as tf.Tensor1D), digit.shape);
}
