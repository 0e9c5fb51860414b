import * as tf from '@tensorflow/tfjs-core';
import { ShapeError } from '../errors/shape-error';
import { resampleMap } from './resample-scales';

/** Height and width of the token map of each scale, coarse to fine. */
export type Scales = readonly (readonly [height: number, width: number])[];

/** What one scale adds. */
export interface ScaleStep {
  /** `[B, h, w]`, int32. */
  readonly ids: tf.Tensor;
  /** `[B, h, w, C]`: the codes of the ids. */
  readonly codes: tf.Tensor4D;
}

export interface ResidualScales<Step extends ScaleStep> {
  readonly steps: readonly Step[];
  /** `[B, H, W, C]` after each scale: the sum of the enlarged codes so far. */
  readonly partials: readonly tf.Tensor4D[];
}

export interface ScaleRules<Step extends ScaleStep> {
  /** @param map - What is left, averaged to the size of the scale, `[B, h, w, C]`. */
  readonly quantize: (map: tf.Tensor4D, scale: number) => Step;
  /** Codes of a scale to `[B, H, W, C]`. */
  readonly enlarge: (codes: tf.Tensor4D, scale: number) => tf.Tensor4D;
}

/**
 * Multi-scale residual quantization (VAR, arXiv 2404.02905, algorithm 1): every scale quantizes an average of what the
 * coarser ones left over. Call it inside `tidy`.
 *
 * @param features - `[B, H, W, C]`, float32.
 */
export function residualScales<Step extends ScaleStep>(
  features: tf.Tensor4D,
  scales: Scales,
  { quantize, enlarge }: ScaleRules<Step>,
): ResidualScales<Step> {
  const steps: Step[] = [];
  const partials: tf.Tensor4D[] = [];
  let rest = features;
  scales.forEach((size, scale) => {
    const step = quantize(resampleMap(rest, size, 'area'), scale);
    const added = enlarge(step.codes, scale);
    const before = partials.at(-1);
    partials.push(before ? tf.add(before, added) : added);
    rest = tf.sub(rest, added);
    steps.push(step);
  });
  return { steps, partials };
}

/** Tokens of all scales. */
export function tokenCount(scales: Scales): number {
  return scales.reduce((sum, [height, width]) => sum + height * width, 0);
}

/** Maps of the scales as one sequence, coarse to fine and row by row: `[B, h, w]` each to `[B, Σ h·w]`. */
export function joinScales(maps: readonly tf.Tensor[]): tf.Tensor2D {
  return tf.tidy(() =>
    tf.concat(
      maps.map((map) => tf.reshape(map, [map.shape[0]!, map.shape.slice(1).reduce((a, b) => a * b, 1)]) as tf.Tensor2D),
      1,
    ),
  );
}

/**
 * The inverse of {@link joinScales}, for all scales or for the first ones.
 *
 * @param tokens - `[B, L]`, where L is the number of tokens of some first scales.
 * @throws {ShapeError} When L ends within a scale.
 */
export function splitScales(tokens: tf.Tensor, scales: Scales): readonly tf.Tensor3D[] {
  const [batch, length] = tokens.shape as [number, number];
  const maps: tf.Tensor3D[] = [];
  let start = 0;
  for (const [height, width] of scales) {
    const count = height * width;
    if (start + count > length) break;
    maps.push(tf.reshape(tf.slice(tokens, [0, start], [batch, count]), [batch, height, width]));
    start += count;
  }
  if (start !== length || length === 0) {
    const ends = scales.map((_, index) => tokenCount(scales.slice(0, index + 1)));
    throw new ShapeError('tokens of scales', `[B, L] with L one of ${ends.join(', ')}`, tokens.shape);
  }
  return maps;
}
