import * as tf from '@tensorflow/tfjs-core';
import { prepareRows, tableScores } from './codebook-scores';
import { lookup } from './nearest';
import { advanceBeams, type BeamCandidates, bestBeam, startBeams } from './residual-beams';
import { chooseOwn, codebooksOfSums, type ImplicitLayer, scoresInOwn } from './residual-implicit';

/** A layer to be searched: one codebook, or implicit ones. */
export interface SearchedLayer extends Omit<ImplicitLayer, 'implicit'> {
  readonly implicit?: ImplicitLayer['implicit'];
  /** Weight of the error that the layer leaves. */
  readonly weight: number;
}

/** The sequence of codes that was found. */
export interface FoundSequence {
  /** Of each layer, the leading axes of the vectors, int32. */
  readonly ids: readonly tf.Tensor[];
  /** Sum of the codes, of the shape of the vectors. */
  readonly sum: tf.Tensor;
}

/**
 * Searches the sequence of codes with the least weighted error, `Σ wᵢ mean (residualᵢ - codeᵢ)²`, keeping the best
 * beams after each layer.
 *
 * @param x - `[..., D]`.
 * @param layers - `codes` `[1, K, D]` each, of one width.
 * @param beams - At least 1.
 */
export function searchSequence(x: tf.Tensor, layers: readonly SearchedLayer[], beams: number): FoundSequence {
  const dim = x.shape.at(-1)!;
  const rows = (tensor: tf.Tensor): tf.Tensor2D => tf.reshape(tensor, [tensor.size / dim, dim]);
  let kept = startBeams(rows(x));
  for (const [index, layer] of layers.entries()) {
    kept = advanceBeams(kept, candidates(rows(kept.residual), rows(kept.sum), layer, beams), {
      weight: layer.weight,
      keep: index === layers.length - 1 ? 1 : beams,
    });
  }
  const best = bestBeam(kept);
  const leading = x.shape.slice(0, -1);
  return { ids: best.layers.map(({ ids }) => tf.reshape(ids, leading)), sum: tf.reshape(best.sum, x.shape) };
}

/** The best codes of a layer for every beam, and the errors that they leave. */
function candidates(residual: tf.Tensor2D, sum: tf.Tensor2D, layer: SearchedLayer, beams: number): BeamCandidates {
  const { codes, implicit, useCosineSim } = layer;
  const [, count, dim] = codes.shape;
  const width = Math.min(beams, count);
  const bestOf = (scores: tf.Tensor) => tf.topk(scores, width, true).indices;
  const found = (ids: tf.Tensor, chosen: tf.Tensor): BeamCandidates => ({
    ids,
    codes: chosen,
    losses: tf.mean(tf.squaredDifference(chosen, tf.expandDims(residual, 1)), -1),
  });
  if (implicit) {
    const own = codebooksOfSums(sum, { ...layer, implicit });
    const ids = bestOf(scoresInOwn(residual, own, { ...layer, implicit }));
    return found(ids, chooseOwn(own, ids));
  }
  const table: tf.Tensor2D = tf.reshape(codes, [count, dim]);
  const metric = useCosineSim ? 'cosine' : 'euclidean';
  const ids = bestOf(tableScores(prepareRows(residual, metric) as tf.Tensor2D, table, metric));
  return found(ids, lookup(table, ids));
}
