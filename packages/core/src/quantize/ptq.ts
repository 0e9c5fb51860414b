import * as tf from '@tensorflow/tfjs-core';
import * as v from 'valibot';
import { ConfigError } from '../errors/config-error';
import type { Json } from '../signal/signal';
import { parseWith } from '../tokenizer/parse-with';
import { errorFunction, normalCumulative, normalDensity, normalQuantile } from './normal-distribution';
import { defineQuantizer } from './quantizer';

export interface PtqConfig {
  /** Bits of a channel, 1..12: `2^bits` levels. The published model has 6. */
  readonly bits: number;
  /** Range of the latents that spans the levels; values outside are clamped. */
  readonly minimum: number;
  readonly maximum: number;
  /** How many standard deviations of a normal distribution the range is taken for. */
  readonly deviations: number;
  /** `float32` repeats the rounding of the official table, which is off by up to 5e-5 at 8 bits. */
  readonly precision: 'float64' | 'float32';
}

const schema = v.object({
  bits: v.pipe(v.number(), v.integer(), v.minValue(1), v.maxValue(12)),
  min_range: v.nullish(v.number(), -5),
  max_range: v.nullish(v.number(), 5),
  std_range: v.nullish(v.pipe(v.number(), v.minValue(Number.MIN_VALUE)), 3),
  precision: v.nullish(v.picklist(['float64', 'float32']), 'float64'),
});

/** The arguments of `post_training_quantize`, and `precision`. @throws {ConfigError} */
function parseConfig(json: Json): PtqConfig {
  const {
    bits,
    min_range: minimum,
    max_range: maximum,
    std_range: deviations,
    precision,
  } = parseWith(schema, json, 'ptq');
  if (minimum >= maximum) throw new ConfigError('ptq: max_range', `above min_range ${minimum}`, `${maximum}`);
  return { bits, minimum, maximum, deviations, precision };
}

/** Means of a standard normal distribution between neighboring quantiles of `i / 2^bits`, in increasing order. */
export function normalLevels({ bits, deviations, precision }: PtqConfig): Float64Array {
  const count = 2 ** bits;
  const round = precision === 'float32' ? Math.fround : (x: number) => x;
  const edges = Array.from({ length: count + 1 }, (_, index) =>
    Math.max(-deviations, Math.min(deviations, round(normalQuantile(index / count)))),
  );
  const mean = precision === 'float32' ? meanBetweenFloats : meanBetween;
  return Float64Array.from({ length: count }, (_, index) => mean(edges[index]!, edges[index + 1]!));
}

/** The values that ids stand for, in the range of the latents. */
export function ptqLevels(config: PtqConfig): Float64Array {
  const { minimum, maximum, deviations, precision } = config;
  const round = precision === 'float32' ? Math.fround : (x: number) => x;
  return normalLevels(config).map((level) => {
    const share = round(round(level + deviations) / (2 * deviations));
    return round(round(share * (maximum - minimum)) + minimum);
  });
}

/**
 * Post-training quantization of every channel on its own (TokenBridge, arXiv 2503.16430; `reconstruction.py`): levels are
 * the means of equally likely parts of a normal distribution, and an id is the level nearest to the value, which is not
 * always the part that it lies in. ids and values of the same shape `[...]`. Trains nothing and has no weights.
 */
export const ptqQuantizer = defineQuantizer<PtqConfig, object>({
  kind: 'ptq',
  parseConfig,
  weights: () => ({}),
  bitsPerToken: ({ bits }) => bits,
  encode: (z, _params, config) =>
    tf.tidy(() => {
      const { minimum, maximum, deviations } = config;
      const levels = tf.tensor1d(Float32Array.from(normalLevels(config)));
      const share = tf.div(tf.sub(z, minimum), maximum - minimum);
      const x = tf.clipByValue(tf.sub(tf.mul(share, 2 * deviations), deviations), -deviations, deviations);
      const distances = tf.abs(tf.sub(tf.expandDims(x, -1), levels));
      const ids = tf.argMin(distances, -1);
      const chosen = tf.cast(tf.oneHot(ids, levels.size), 'bool');
      const second = tf.min(tf.where(chosen, tf.fill(distances.shape, 3.4e38), distances), -1);
      return { ids, codes: levelsOfIds(ids, config), margins: tf.sub(second, tf.min(distances, -1)) };
    }),
  decode: (ids, _params, config) => tf.tidy(() => levelsOfIds(ids, config)),
});

function levelsOfIds(ids: tf.Tensor, config: PtqConfig): tf.Tensor {
  const levels = tf.tensor1d(Float32Array.from(ptqLevels(config)));
  return tf.reshape(tf.gather(levels, tf.reshape(ids, [ids.size]) as tf.Tensor1D), ids.shape);
}

function meanBetween(low: number, high: number): number {
  // Both on one side, so that the difference of probabilities keeps its digits.
  if (low > 0) return -meanBetween(-high, -low);
  return (normalDensity(low) - normalDensity(high)) / (normalCumulative(high) - normalCumulative(low));
}

/** Every operation rounded to float32, as PyTorch computes the official table. */
function meanBetweenFloats(low: number, high: number): number {
  const round = Math.fround;
  const root = round(Math.sqrt(2 * Math.PI));
  const density = (x: number) => round(round(Math.exp(round(-0.5 * round(x * x)))) / root);
  const cumulative = (x: number) => round(0.5 * round(1 + round(errorFunction(round(x / round(Math.SQRT2))))));
  const difference = round(cumulative(high) - cumulative(low));
  return round(round(density(low) - density(high)) / (difference === 0 ? round(1e-10) : difference));
}
