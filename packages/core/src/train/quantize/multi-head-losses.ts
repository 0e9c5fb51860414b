import * as tf from '@tensorflow/tfjs-core';
import type { MultiHeadVectorConfig } from '../../quantize/multi-head-vector-config';
import { stopGradient } from '../losses';
import { straightThrough } from '../straight-through';
import type { CodebookPass } from './codebook-pass';
import { codebookCrossEntropy, codebookDiversityLoss, orthogonalLoss } from './codebook-regularizers';
import { joinHeads, type VectorAxes } from './head-layout';
import { assignmentsOf } from './kmeans';

/** The terms of the loss, without their weights; 0 where a weight is 0. */
export interface MultiHeadLosses {
  /** `[]`, or `[B, N, k]` for the best k. */
  readonly commitment: tf.Tensor;
  readonly codebookDiversity: tf.Scalar;
  readonly orthogonalReg: tf.Scalar;
}

export interface LossInputs {
  readonly pass: CodebookPass;
  /** `[H, M, D]`, as searched. */
  readonly rows: tf.Tensor3D;
  /** `[H, M, D]`: what masked losses, and those of the best k, compare with. */
  readonly input: tf.Tensor3D;
  /** `[H, K, D]` before the step: what receives the gradient of the orthogonality term. */
  readonly codes: tf.Tensor;
  readonly axes: VectorAxes;
  /** `[M]`, 1 for rows that count and 0 for others. */
  readonly weights?: tf.Tensor;
  readonly codeOrder?: tf.Tensor;
  /** The codebook gets no gradient from the commitment. */
  readonly isFrozen: boolean;
}

/** Commitment, codebook diversity and orthogonality, and their weighted sum. */
export function multiHeadLosses(
  inputs: LossInputs,
  config: MultiHeadVectorConfig,
): MultiHeadLosses & { readonly loss: tf.Tensor } {
  const zero = tf.scalar(0);
  const { pass, axes } = inputs;
  const commits = config.commitmentWeight > 0 && !config.directionalReparam;
  const commitment = commits ? commitmentTerm(inputs, config) : zero;
  const [heads, rowCount, codeCount] = pass.scores.shape;
  const codebookDiversity =
    config.codebookDiversityLossWeight > 0
      ? codebookDiversityLoss(
          tf.reshape(pass.scoresWithGradient(), [
            (heads * rowCount) / Math.max(axes.length, 1),
            axes.length,
            codeCount,
          ]),
          config.codebookDiversityTemperature,
        )
      : zero;
  const orthogonalReg = config.orthogonalRegWeight > 0 ? orthogonalTerm(inputs, config) : zero;
  const regularizers = tf.add(
    tf.mul(codebookDiversity, config.codebookDiversityLossWeight),
    tf.mul(orthogonalReg, config.orthogonalRegWeight),
  );
  const loss = tf.add(tf.mul(commitment, config.commitmentWeight), regularizers);
  return { commitment, codebookDiversity, orthogonalReg, loss };
}

function commitmentTerm(inputs: LossInputs, config: MultiHeadVectorConfig): tf.Tensor {
  const { pass, rows, input, weights, axes, isFrozen } = inputs;
  if (config.commitmentUseCrossEntropyLoss) return codebookCrossEntropy(pass.scoresWithGradient(), pass.ids, weights);
  const codes = config.learnableCodebook && !isFrozen ? pass.quantized : stopGradient(pass.quantized);
  if (codes.rank === 3) return weightedMean(tf.squaredDifference(codes, weights ? input : rows), weights);
  // The gradient of squaredDifference does not add up over broadcast axes.
  const errors = tf.mean(tf.square(tf.sub(codes, tf.expandDims(input, 2))), -1);
  const counted = weights ? tf.mul(errors, tf.expandDims(weights, -1)) : errors;
  return tf.mean(joinHeads(counted, config, axes), 2);
}

function orthogonalTerm({ pass, codes, codeOrder }: LossInputs, config: MultiHeadVectorConfig): tf.Scalar {
  const { orthogonalRegActiveCodesOnly, orthogonalRegMaxCodes: maxCodes } = config;
  // The official module moves its codes in place before this term looks at them.
  const moved = straightThrough(codes, () => tf.clone(pass.state.codes)) as tf.Tensor3D;
  const hot = orthogonalRegActiveCodesOnly && assignmentsOf(tf.reshape(pass.ids, [-1]), moved.shape[1]);
  return orthogonalLoss(moved, {
    ...(hot && { active: tf.max(hot, 0) }),
    ...(maxCodes !== null && { maxCodes }),
    ...(codeOrder && { order: codeOrder }),
  });
}

/**
 * Mean over all elements of the rows that count.
 *
 * @param values - `[H, M, D]`.
 * @param weights - `[M]`, 1 for rows that count and 0 for others. Default: all. With none left the mean is 0.
 */
export function weightedMean(values: tf.Tensor, weights?: tf.Tensor): tf.Scalar {
  if (!weights) return tf.mean(values) as tf.Scalar;
  const [heads, , dim] = values.shape as [number, number, number];
  const number = tf.mul(tf.maximum(tf.sum(weights), 1), heads * dim);
  return tf.div(tf.sum(tf.mul(values, tf.expandDims(weights, -1))), number) as tf.Scalar;
}
