import type * as tf from '@tensorflow/tfjs-core';
import type { Host, WeightMap, WeightTensor } from '@tesserae/core';
import type { Conv1dParams, ConvTranspose1dParams } from '@tesserae/core/nn';
import { unitDilations, unitKernel } from './config';

/** Two Snakes with their convolutions. */
export interface SnakeUnitParams {
  /** `[width]`. */
  readonly alpha1: tf.Tensor1D;
  /** Seven taps. */
  readonly conv1: Conv1dParams;
  /** `[width]`. */
  readonly alpha2: tf.Tensor1D;
  /** One tap. */
  readonly conv2: Conv1dParams;
}

/** One stage of an encoder. */
export interface SnakeDownParams {
  readonly units: readonly SnakeUnitParams[];
  /** `[width]`. */
  readonly alpha: tf.Tensor1D;
  readonly conv: Conv1dParams;
}

/** One stage of a decoder, as far as DAC and SNAC share it. */
export interface SnakeUpParams {
  /** `[width]`. */
  readonly alpha: tf.Tensor1D;
  readonly conv: ConvTranspose1dParams;
  readonly units: readonly SnakeUnitParams[];
}

const weightNorm = { weightNorm: true } as const;

/**
 * A weight-normalized convolution with a bias.
 *
 * @param groups - As many as channels: each by itself; 1 (default): all together.
 */
export function readConv(
  map: WeightMap,
  key: string,
  inputs: number,
  outputs: number,
  size: number,
  groups = 1,
): Host<Conv1dParams> {
  return map.conv1d(key, inputs / groups, outputs, size, weightNorm);
}

/** The slopes of a Snake, `[1, width, 1]` in the file and `[width]` here. */
export function readAlpha(map: WeightMap, key: string, width: number): WeightTensor {
  return map.tensor(`${key}.alpha`, [1, width, 1], { reshape: [width], role: 'scale' });
}

/**
 * The three residual units of a stage.
 *
 * @param first - Index of the first one below `block.`.
 * @param groups - Of their wide convolutions.
 */
export function readUnits(
  map: WeightMap,
  first: number,
  width: number,
  groups: number,
): readonly Host<SnakeUnitParams>[] {
  return map.list(
    unitDilations.length,
    (index) => `block.${first + index}`,
    (unit) =>
      ({
        alpha1: readAlpha(unit, 'block.0', width),
        conv1: readConv(unit, 'block.1', width, width, unitKernel, groups),
        alpha2: readAlpha(unit, 'block.2', width),
        conv2: readConv(unit, 'block.3', width, width, 1),
      }) as Host<SnakeUnitParams>,
  );
}

/**
 * A stage of an encoder: residual units, and a convolution to twice the width and fewer steps.
 *
 * @param map - Below `encoder.block.{index}.`.
 */
export function readDown(map: WeightMap, width: number, stride: number, groups: number): Host<SnakeDownParams> {
  return {
    units: readUnits(map, 0, width, groups),
    alpha: readAlpha(map, 'block.3', width),
    conv: readConv(map, 'block.4', width, 2 * width, 2 * stride),
  } as Host<SnakeDownParams>;
}

/**
 * A stage of a decoder: a transposed convolution to half the width (rounded down) and more steps, and residual units.
 *
 * @param map - Below `decoder.model.{index}.`.
 * @param first - Index of the first residual unit below `block.`.
 * @param inputs - Width in front, and `outputs` behind.
 */
export function readUp(
  map: WeightMap,
  first: number,
  { inputs, outputs }: { readonly inputs: number; readonly outputs: number },
  stride: number,
  groups: number,
): Host<SnakeUpParams> {
  return {
    alpha: readAlpha(map, 'block.0', inputs),
    conv: map.convTranspose1d('block.1', inputs, outputs, 2 * stride, weightNorm),
    units: readUnits(map, first, outputs, groups),
  } as Host<SnakeUpParams>;
}

/** Widths in front of and behind a stage of a decoder: the official code halves by whole division each time. */
export function upWidths(decoderWidth: number, stage: number): { readonly inputs: number; readonly outputs: number } {
  return { inputs: Math.floor(decoderWidth / 2 ** stage), outputs: Math.floor(decoderWidth / 2 ** (stage + 1)) };
}
