import * as tf from '@tensorflow/tfjs-core';
import { type FsqQuantizerConfig } from '../../quantize/fsq-config';
import { idsOfLevels, quantizeLevels, vectorsOfCodes, type FsqParams } from '../../quantize/fsq-quantizer';
import { layersKept } from '../../quantize/layer-dropout';
import { quantizeResidualLevels, type ResidualFsqParams } from '../../quantize/residual-fsq';
import { type ResidualFsqConfig } from '../../quantize/residual-fsq-config';
import { stopGradient } from '../losses';
import { roundStraightThrough } from '../straight-through';

/** Random numbers of noise dropout, uniform in 0..1 and of the shape of the codes, `[..., C, d]`. */
export interface FsqNoise {
  /** A component gets noise where this is below `noiseDropout`. */
  readonly choice: tf.Tensor;
  /** The noise, from which 1/2 is taken. */
  readonly offset: tf.Tensor;
}

export interface FsqTraining {
  /** `[..., dim]`, with the gradient of the unrounded components. */
  readonly quantized: tf.Tensor;
  /** Those of the codes without noise, so that they exist. Absent where the configuration has no ids. */
  readonly ids?: tf.Tensor;
}

/**
 * The training form of {@link fsqQuantizer}: rounding has the gradient of the identity.
 *
 * @param x - `[..., dim]`.
 * @param draws - Noise dropout is off without them.
 * @throws {ShapeError} The last axis is not `dim`.
 */
export function trainFsq(
  x: tf.Tensor,
  params: FsqParams,
  config: FsqQuantizerConfig,
  draws: { readonly noise?: FsqNoise } = {},
): FsqTraining {
  const quantized = quantizeLevels(x, params, config, { round: roundStraightThrough });
  const codes = addNoise(quantized.codes, config.noiseDropout, draws.noise);
  return {
    quantized: vectorsOfCodes(codes, params),
    ...(config.returnsIds ? { ids: idsOfLevels(quantized, config) } : {}),
  };
}

export interface ResidualFsqDraws {
  /** Index of the last layer used, from `dropoutCutoff` to the number of layers less 1; default all layers. */
  readonly lastLayer?: number;
  /** One a layer. */
  readonly noise?: readonly FsqNoise[];
}

/**
 * The training form of {@link residualFsqQuantizer}: the residual passes on no gradient of the layers before.
 *
 * @returns `quantized` `[..., dim]`; `ids` `[..., Q]`, int32, -1 for layers that were left out.
 */
export function trainResidualFsq(
  x: tf.Tensor,
  params: ResidualFsqParams,
  config: ResidualFsqConfig,
  { lastLayer, noise }: ResidualFsqDraws = {},
): { readonly quantized: tf.Tensor; readonly ids: tf.Tensor } {
  const dropped = config.dropsLayers && lastLayer !== undefined;
  const { ids, vectors } = quantizeResidualLevels(x, params, config, {
    round: roundStraightThrough,
    detach: stopGradient,
    perturb: (codes, layer) => addNoise(codes, config.layer.noiseDropout, noise?.[layer]),
    ...(dropped ? { keep: layersKept(lastLayer, config, config.layers) } : {}),
  });
  return { quantized: vectors, ids: stackIds(ids, config.layers) };
}

/** `[..., layers]`, -1 for the layers that have no ids. */
export function stackIds(ids: readonly tf.Tensor[], layers: number): tf.Tensor {
  const missing = Array.from({ length: layers - ids.length }, () => tf.fill(ids[0]!.shape, -1, 'int32'));
  return tf.stack([...ids, ...missing], -1);
}

function addNoise(codes: tf.Tensor, share: number, noise: FsqNoise | undefined): tf.Tensor {
  if (share === 0 || !noise) return codes;
  const noisy = tf.add(codes, tf.sub(noise.offset, 0.5));
  return tf.clipByValue(tf.where(tf.less(noise.choice, share), noisy, codes), -1, 1);
}
