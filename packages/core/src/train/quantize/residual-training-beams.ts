import * as tf from '@tensorflow/tfjs-core';
import { advanceBeams, bestBeam, startBeams } from '../../quantize/residual-beams';
import type { ResidualVectorConfig } from '../../quantize/residual-vector-config';
import { lookupRows } from '../detached';
import { stopGradient } from '../losses';
import type { CodebookPassState } from './codebook-pass';
import { prepareRows } from './codebook-search';
import { updateCodebookState } from './codebook-update';
import { trainMultiHeadVector } from './multi-head-vector';
import {
  fractionalGradient,
  layerOptions,
  type ResidualPass,
  type ResidualVectorDraws,
  type ResidualVectorLayers,
  type ResidualVectorTrainingOptions,
} from './residual-step';

/**
 * The layers with several beams a vector: each keeps the sequences of codes with the least weighted loss. Codebooks
 * follow the beam that wins, after the last layer.
 *
 * @param x - `[..., codebookDim]`.
 */
export function searchTrainingBeams(
  x: tf.Tensor,
  params: ResidualVectorLayers,
  states: readonly CodebookPassState[],
  config: ResidualVectorConfig,
  draws: ResidualVectorDraws & { readonly keptLayers: number },
  options: ResidualVectorTrainingOptions & { readonly beamSize: number },
): ResidualPass {
  const { codebookDim, quantGradFrac, beamScoreWeights } = config;
  const { mask, beamSize, beamUpdates = 'all', freezeCodebook, ...layerWide } = options;
  const leading = x.shape.slice(0, -1);
  const flat = (tensor: tf.Tensor) => tf.reshape(tensor, [-1, codebookDim]) as tf.Tensor2D;
  const weights = mask && tf.reshape(tf.cast(tf.cast(mask, 'bool'), 'float32'), [-1]);
  const stateOf = (list: readonly CodebookPassState[], layer: number) => list[config.sharedCodebook ? 0 : layer]!;
  let beams = startBeams(flat(x));
  for (let layer = 0; layer < draws.keptLayers; layer += 1) {
    const own = config.layers[layer]!;
    const rows = flat(beams.residual);
    const step = trainMultiHeadVector(rows, {}, stateOf(states, layer), own, draws.layers?.[layer], {
      ...layerOptions(flat(beams.sum), params, config, layer),
      ...layerWide,
      topK: Math.min(beamSize, own.codebookSize),
    });
    const { loss } = step;
    const losses = loss.rank === 0 ? tf.broadcastTo(loss, step.ids.shape) : tf.reshape(loss, step.ids.shape);
    beams = advanceBeams(
      beams,
      { ids: step.ids, codes: step.quantized, losses },
      {
        weight: beamScoreWeights[layer]!,
        keep: layer === draws.keptLayers - 1 ? 1 : beamSize,
        subtracted: (codes) => fractionalGradient(codes, quantGradFrac),
        compared: stopGradient,
        rowsOf: (table, ids) => (table.dtype === 'int32' ? tf.gather(table, ids) : lookupRows(table, ids)),
      },
    );
  }
  const { sum, layers } = bestBeam(beams);
  const after = [...states];
  const learning = beamUpdates === 'all' ? layers : layers.slice(0, 1);
  for (const [layer, { input, ids }] of learning.entries()) {
    if (freezeCodebook ?? config.layers[layer]!.freezeCodebook) continue;
    const own = config.layers[layer]!;
    const place = config.sharedCodebook ? 0 : layer;
    const prepared = prepareRows(stopGradient(input), own.useCosineSim ? 'cosine' : 'euclidean');
    const searched = tf.reshape(prepared, [1, -1, codebookDim]) as tf.Tensor3D;
    after[place] = updateCodebookState(searched, tf.expandDims(ids, 0), after[place]!, own, draws.layers?.[layer], {
      ...(weights && { weights }),
    });
  }
  const masked = (ids: tf.Tensor) => (mask ? tf.where(tf.cast(mask, 'bool'), ids, tf.scalar(-1, 'int32')) : ids);
  return {
    sum: tf.reshape(sum, x.shape),
    ids: layers.map(({ ids }) => masked(tf.reshape(ids, leading))),
    losses: layers.map(({ losses }) => averageLoss(losses, weights)),
    inputs: learning.map(({ input }) => tf.reshape(input, x.shape)),
    states: config.sharedCodebook ? config.layers.map(() => after[0]!) : after,
    codesGradients: [],
  };
}

function averageLoss(losses: tf.Tensor, weights: tf.Tensor | undefined): tf.Tensor {
  if (!weights) return tf.mean(losses);
  return tf.div(tf.sum(tf.mul(losses, weights)), tf.maximum(tf.sum(weights), 1e-4));
}
