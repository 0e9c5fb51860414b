import * as tf from '@tensorflow/tfjs-core';
import { linear } from '../../nn/linear';
import type { GroupedConfig, GroupedParams } from '../../quantize/grouped';
import type { ResidualVectorConfig } from '../../quantize/residual-vector-config';
import { carryCodebook } from './carry-codebook';
import type { CodebookPassState } from './codebook-pass';
import { directionalReparameterization } from './directional-reparameterization';
import { trainGroups } from './grouped';
import { type MultiHeadVectorTraining, trainMultiHeadVector } from './multi-head-vector';
import {
  fractionalGradient,
  layerOptions,
  type ResidualPass,
  type ResidualVectorDraws,
  type ResidualVectorLayers,
  type ResidualVectorTrainingOptions,
} from './residual-step';
import { searchTrainingBeams } from './residual-training-beams';
import { finishSharedCodebook } from './shared-codebook';

export interface ResidualVectorTraining {
  /** `[..., dim]`. */
  readonly quantized: tf.Tensor;
  /** `[..., Q]`, int32: -1 for dropped layers and masked places. */
  readonly ids: tf.Tensor;
  /** `[Q]`, weighted; 0 for dropped layers. */
  readonly loss: tf.Tensor1D;
  /** One for each layer after the step, without gradients; the same one for all where the codebook is shared. */
  readonly states: readonly CodebookPassState[];
}

/**
 * The training form of `residual-vector` (vector-quantize-pytorch, `ResidualVQ.forward`), channels last. A shared
 * codebook gathers the statistics of all layers and is read out once, at the end. Call it inside `tidy`.
 *
 * @param x - `[..., dim]`, float32. The first axis is the batch.
 * @param states - Codebooks of the layers, `[1, K, codebookDim]`; of a shared one the first counts.
 */
export function trainResidualVector(
  x: tf.Tensor,
  params: ResidualVectorLayers,
  states: readonly CodebookPassState[],
  config: ResidualVectorConfig,
  draws: ResidualVectorDraws = {},
  options: ResidualVectorTrainingOptions = {},
): ResidualVectorTraining {
  const projected = params.projectIn ? linear(x, params.projectIn) : x;
  const { beamSize = config.beamSize } = options;
  const count = draws.keptLayers ?? config.layers.length;
  const pass =
    beamSize > 1
      ? searchTrainingBeams(
          projected,
          params,
          states,
          config,
          { ...draws, keptLayers: count },
          { ...options, beamSize },
        )
      : runLayers(projected, params, states, config, draws, options, count);
  const after = config.sharedCodebook ? finishSharedCodebook(pass, config, draws, options) : pass.states;
  const sum = config.diveq
    ? directionalReparameterization(projected, pass.sum, draws.directionNoise ?? tf.zerosLike(projected))
    : pass.sum;
  const dropped = tf.fill(pass.ids[0]!.shape, -1, 'int32');
  const every = <T>(values: readonly T[], missing: T) => config.layers.map((_, layer) => values[layer] ?? missing);
  return {
    quantized: params.projectOut ? linear(sum, params.projectOut) : sum,
    ids: tf.stack(every(pass.ids, dropped), -1),
    loss: tf.stack(every(pass.losses, tf.scalar(0))) as tf.Tensor1D,
    states: after,
  };
}

function runLayers(
  x: tf.Tensor,
  params: ResidualVectorLayers,
  states: readonly CodebookPassState[],
  config: ResidualVectorConfig,
  draws: ResidualVectorDraws,
  options: ResidualVectorTrainingOptions,
  count: number,
): ResidualPass {
  const steps: MultiHeadVectorTraining[] = [];
  const inputs: tf.Tensor[] = [];
  const after = [...states];
  let residual = x;
  let sum: tf.Tensor = tf.zerosLike(x);
  for (let layer = 0; layer < count; layer += 1) {
    const own = config.sharedCodebook ? 0 : layer;
    const step = trainMultiHeadVector(residual, {}, after[own]!, config.layers[layer]!, draws.layers?.[layer], {
      ...layerOptions(sum, params, config, layer),
      ...options,
    });
    inputs.push(residual);
    steps.push(step);
    after[own] = config.sharedCodebook ? carryCodebook(states[0]!, step.state, config.layers[layer]!) : step.state;
    residual = tf.sub(residual, fractionalGradient(step.quantized, config.quantGradFrac));
    sum = tf.add(sum, step.quantized);
  }
  return {
    sum,
    ids: steps.map(({ ids }) => ids),
    losses: steps.map(({ loss }) => loss),
    inputs,
    states: config.sharedCodebook ? config.layers.map(() => after[0]!) : after,
    codesGradients: steps.flatMap(({ codesGradient }) => (codesGradient ? [codesGradient] : [])),
  };
}

/**
 * Cross-entropy of known ids under softmaxes over minus the distances, summed over the layers (`indices` of the
 * official forward pass). As there, every layer sees the vectors as they came, not what others have left.
 *
 * @param x - `[..., dim]`.
 * @param targets - `[..., Q]`, int32.
 */
export function residualVectorCrossEntropy(
  x: tf.Tensor,
  params: ResidualVectorLayers,
  states: readonly CodebookPassState[],
  config: ResidualVectorConfig,
  targets: tf.Tensor,
): tf.Scalar {
  const projected = params.projectIn ? linear(x, params.projectIn) : x;
  const none = tf.zerosLike(projected);
  const losses = tf.unstack(targets, -1).map((own, layer) => {
    const state = states[config.sharedCodebook ? 0 : layer]!;
    const step = trainMultiHeadVector(
      projected,
      {},
      state,
      config.layers[layer]!,
      {},
      {
        ...layerOptions(none, params, config, layer),
        targets: own,
        freezeCodebook: true,
      },
    );
    return step.crossEntropy!;
  });
  return tf.addN(losses) as tf.Scalar;
}

export interface GroupedResidualVectorTraining extends Omit<ResidualVectorTraining, 'loss' | 'states'> {
  /** `[G, Q]`. */
  readonly loss: tf.Tensor2D;
  /** Of each group. */
  readonly states: readonly (readonly CodebookPassState[])[];
}

/**
 * The training form of `grouped-residual-vector` (`GroupedResidualVQ.forward`). Call it inside `tidy`.
 *
 * @param x - `[..., dim]`, float32.
 * @param draws - Of each group; the official code keeps the same number of layers in all of them.
 * @returns `ids` are `[G, ..., Q]`.
 */
export function trainGroupedResidualVector(
  x: tf.Tensor,
  { groups = [] }: GroupedParams<ResidualVectorLayers>,
  states: readonly (readonly CodebookPassState[])[],
  config: GroupedConfig<ResidualVectorConfig>,
  draws: readonly ResidualVectorDraws[] = [],
  options: ResidualVectorTrainingOptions = {},
): GroupedResidualVectorTraining {
  const after: (readonly CodebookPassState[])[] = [];
  const { quantized, ids, loss } = trainGroups(x, { groups }, config, (part, params, own, group) => {
    const step = trainResidualVector(part, params, states[group]!, own, draws[group], options);
    after.push(step.states);
    return step;
  });
  return { quantized, ids: ids!, loss: loss as tf.Tensor2D, states: after };
}
