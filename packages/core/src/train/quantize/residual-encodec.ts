import * as tf from '@tensorflow/tfjs-core';
import type { ResidualEncodecConfig, ResidualEncodecParams } from '../../quantize/residual-encodec';
import { stopGradient } from '../losses';
import { straightThrough } from '../straight-through';
import { type AveragedVectorDraws, trainAveragedVector } from './averaged-vector';
import type { CodebookState } from './ema-codebook';

/** Projections of the layers; codebooks are those of the states. */
export interface ResidualEncodecLayers {
  readonly layers: readonly Pick<ResidualEncodecParams['layers'][number], 'projectIn' | 'projectOut'>[];
}

export interface ResidualEncodecOptions {
  /**
   * - `detached` (default): a layer sees the residual without the gradient of the layers before, and the sum passes
   *   gradients on once, as if it were the identity: what the authors say should be done.
   * - `published`: as in EnCodec's code, where every layer passes them straight through, and those of the residual
   *   cancel: only the first layer's commitment reaches the encoder.
   */
  readonly gradients?: 'detached' | 'published';
}

export interface ResidualEncodecTraining {
  /** `[..., dim]`. */
  readonly quantized: tf.Tensor;
  /** `[Q, ...]`, int32. */
  readonly ids: tf.Tensor;
  /** `[Q]`: commitment of each layer, weighted. */
  readonly loss: tf.Tensor1D;
  /** Of each layer after the step, without gradients. */
  readonly states: readonly CodebookState[];
}

/**
 * The training form of `residual-encodec` (EnCodec, `ResidualVectorQuantization.forward`): codebooks follow averages,
 * layer by layer. Call it inside `tidy`.
 *
 * @param x - `[..., dim]`, float32.
 * @param states - `codes` `[K, codebookDim]`, `counts` and `sums` of each layer; as many layers as `usedLayers` run.
 * @param draws - Of each layer.
 * @see https://github.com/facebookresearch/encodec/issues/25 for the two forms of gradients.
 */
export function trainResidualEncodec(
  x: tf.Tensor,
  { layers }: ResidualEncodecLayers,
  states: readonly CodebookState[],
  config: ResidualEncodecConfig,
  draws: readonly AveragedVectorDraws[] = [],
  { gradients = 'detached' }: ResidualEncodecOptions = {},
): ResidualEncodecTraining {
  const isDetached = gradients === 'detached';
  const after = [...states];
  let residual = x;
  const steps = config.layers.slice(0, config.usedLayers).map((own, layer) => {
    const flavored = { ...own, flavor: 'encodec' } as const;
    const step = trainAveragedVector(residual, layers[layer] ?? {}, states[layer]!, flavored, draws[layer]);
    residual = tf.sub(residual, isDetached ? stopGradient(step.quantized) : step.quantized);
    after[layer] = step.state;
    return step;
  });
  const sum = tf.addN(steps.map(({ quantized }) => quantized));
  return {
    quantized: isDetached ? straightThrough(x, () => tf.clone(sum)) : sum,
    ids: tf.stack(steps.map(({ ids }) => ids)),
    loss: tf.stack(steps.map(({ loss }) => loss)) as tf.Tensor1D,
    states: after,
  };
}
