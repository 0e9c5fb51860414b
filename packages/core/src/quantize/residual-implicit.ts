import * as tf from '@tensorflow/tfjs-core';
import { ownCodebookScores, prepareRows } from './codebook-scores';
import { type ImplicitCodebookParams, implicitCodes } from './implicit-codebook';
import { lookup } from './nearest';
import type { ResidualLayer } from './residual';

/** A layer of a residual quantizer whose codebook depends on the layers before (QINCo). */
export interface ImplicitLayer {
  /** `[1, K, D]`. */
  readonly codes: tf.Tensor3D;
  readonly implicit: ImplicitCodebookParams;
  readonly useCosineSim: boolean;
}

/** The codebook of each vector: sums `[..., D]` with N vectors to `[N, K, D]`. */
export function codebooksOfSums(sum: tf.Tensor, { codes, implicit, useCosineSim }: ImplicitLayer): tf.Tensor3D {
  const [, count, dim] = codes.shape;
  const table: tf.Tensor2D = tf.reshape(codes, [count, dim]);
  return implicitCodes(table, rowsOf(sum, dim), implicit, { normalize: useCosineSim });
}

/** Scores `[N, K]` of N vectors `[..., D]` in codebooks of their own. */
export function scoresInOwn(residual: tf.Tensor, own: tf.Tensor3D, { useCosineSim }: ImplicitLayer): tf.Tensor {
  const metric = useCosineSim ? 'cosine' : 'euclidean';
  const rows = tf.expandDims(prepareRows(rowsOf(residual, own.shape[2]), metric), 0) as tf.Tensor3D;
  return tf.squeeze(ownCodebookScores(rows, tf.expandDims(own, 0) as tf.Tensor4D, metric), [0]);
}

/** Rows of codebook n for every id of row n: `[N, K, D]` and `[N, ...]` to `[N, ..., D]`. */
export function chooseOwn(own: tf.Tensor3D, ids: tf.Tensor): tf.Tensor {
  const [rows, count, dim] = own.shape;
  const first = tf.reshape(tf.range(0, rows * count, count, 'int32'), [rows, ...ids.shape.slice(1).map(() => 1)]);
  return lookup(tf.reshape(own, [rows * count, dim]), tf.add(ids, first));
}

/** Searches and looks up in the codebooks that the sum of the layers before makes. */
export function implicitLayer(layer: ImplicitLayer): ResidualLayer {
  return {
    encode(residual, sum) {
      const leading = residual.shape.slice(0, -1);
      const own = codebooksOfSums(sum!, layer);
      const scores = scoresInOwn(residual, own, layer);
      const ids = tf.argMax(scores, -1);
      return {
        ids: tf.reshape(ids, leading),
        margins: tf.reshape(scoreMargins(scores, residual, layer), leading),
        codes: tf.reshape(chooseOwn(own, ids), residual.shape),
      };
    },
    decode(ids, sum) {
      const chosen = chooseOwn(codebooksOfSums(sum!, layer), tf.reshape(ids, [ids.size]));
      return tf.reshape(chosen, sum!.shape);
    },
  };
}

/** Best minus second best score, of Euclidean codebooks relative to the lengths; `[N, K]` to `[N]`. */
function scoreMargins(scores: tf.Tensor, residual: tf.Tensor, { useCosineSim }: ImplicitLayer): tf.Tensor {
  const [rows, count] = scores.shape as [number, number];
  if (count === 1) return tf.fill([rows], 3.4e38);
  const [best, second] = tf.unstack(tf.topk(scores, 2, true).values, 1) as [tf.Tensor, tf.Tensor];
  const gap = tf.sub(best, second);
  if (useCosineSim) return gap;
  const lengths = tf.reshape(tf.norm(residual, 2, -1), [rows]);
  return tf.div(gap, tf.maximum(tf.sub(lengths, best), 1e-30));
}

function rowsOf(x: tf.Tensor, dim: number): tf.Tensor2D {
  return tf.reshape(x, [x.size / dim, dim]);
}
