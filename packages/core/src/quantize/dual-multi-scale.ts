import * as tf from '@tensorflow/tfjs-core';
import * as v from 'valibot';
import type { Json } from '../signal/signal';
import { parseWith } from '../tokenizer/parse-with';
import { decodeDual, dualWeights, encodeDual, parseDualConfig, type DualConfig, type DualParams } from './dual';
import { defineQuantizer } from './quantizer';
import { resampleMap } from './resample-scales';
import { joinScales, residualScales, splitScales, type Scales } from './residual-scales';

export interface DualMultiScaleConfig extends DualConfig {
  /** Coarse to fine; the last one is the size of the features. */
  readonly scales: Scales;
}

const count = v.pipe(v.number(), v.integer(), v.minValue(1));
const schema = v.looseObject({
  scales: v.pipe(v.array(v.union([count, v.tuple([count, count])])), v.minLength(1)),
});

/**
 * Arguments of `dual`, and `scales` (`scale_rq_layers`): sides of squares, or pairs of height and width.
 *
 * @throws {ConfigError}
 */
function parseConfig(json: Json): DualMultiScaleConfig {
  const { scales, ...args } = parseWith(schema, json, 'dual multi-scale quantizer');
  return {
    ...parseDualConfig(args as Json),
    scales: scales.map((side) => (typeof side === 'number' ? ([side, side] as const) : side)),
  };
}

/** Codes of a scale at the size of the features: bicubic, whatever the scale. */
export function enlargeDual(codes: tf.Tensor4D, { scales }: DualMultiScaleConfig): tf.Tensor4D {
  return resampleMap(codes, scales.at(-1)!, 'bicubic');
}

/**
 * Partial sums of ids: `[B, L]` of the first scales to `[B, H, W, C]` after each of them.
 *
 * @throws {ShapeError} L that ends within a scale.
 */
export function decodeDualScales(
  tokens: tf.Tensor,
  params: DualParams,
  config: DualMultiScaleConfig,
): readonly tf.Tensor4D[] {
  const sums: tf.Tensor4D[] = [];
  for (const ids of splitScales(tokens, config.scales)) {
    const added = enlargeDual(decodeDual(ids, params) as tf.Tensor4D, config);
    const before = sums.at(-1);
    sums.push(before ? tf.add(before, added) : added);
  }
  return sums;
}

/**
 * `dual-multi-scale`: `dual` in the loop of VAR without its convolutions (TokenFlow, arXiv 2412.03069).
 *
 * `encode` takes features `[B, H, W, C]`; `ids` are `[B, Σ h·w]`, coarse to fine and row by row. `decode` takes them all,
 * or those of the first scales.
 */
export const dualMultiScaleQuantizer = defineQuantizer<DualMultiScaleConfig, DualParams>({
  kind: 'dual-multi-scale',
  parseConfig,
  weights: dualWeights,
  bitsPerToken: ({ codes }) => Math.log2(codes),
  encode: (z, params, config) =>
    tf.tidy(() => {
      const { steps, partials } = residualScales(z as tf.Tensor4D, config.scales, {
        quantize(map) {
          const { ids, margins, codes } = encodeDual(map, params, config);
          return { ids, margins, codes: codes as tf.Tensor4D };
        },
        enlarge: (codes) => enlargeDual(codes, config),
      });
      return {
        ids: joinScales(steps.map(({ ids }) => ids)),
        margins: joinScales(steps.map(({ margins }) => margins)),
        codes: tf.clone(partials.at(-1)!),
      };
    }),
  decode: (tokens, params, config) => tf.tidy(() => tf.clone(decodeDualScales(tokens, params, config).at(-1)!)),
});
