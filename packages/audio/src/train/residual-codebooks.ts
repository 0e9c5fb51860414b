import * as tf from '@tensorflow/tfjs-core';
import type { Tensors } from '@tesserae/core';
import {
  type CodebookState,
  expireCodes,
  stopGradient,
  straightThrough,
  trainAveragedVector,
} from '@tesserae/core/train';

export interface ResidualCodebookOptions {
  /** Share of the old averages that a step keeps. Default 0.99. */
  readonly decay?: number;
  /** Codes with a smaller average count are replaced by vectors of the batch. Default 0.03. */
  readonly deadBelow?: number;
}

/** What changes from batch to batch. */
export interface ResidualCodebookDraws {
  /** `[B, Q]`, float32: 1 where an item of the batch uses a codebook, 0 where it does not. */
  readonly kept: tf.Tensor2D;
  /** `[R]`, int32: rows of the batch (of `B * F`) that replace dead codes, a permutation. */
  readonly rows: tf.Tensor1D;
}

export interface ResidualCodebookTraining {
  /** `[B, F, D]`: sum of the codes in use, with the gradient of the identity to the latents. */
  readonly quantized: tf.Tensor3D;
  /** Pulls latents to codes, mean over the codebooks. */
  readonly commitment: tf.Scalar;
  /** Of each codebook: `exp` of the entropy of its codes in the batch. */
  readonly perplexities: readonly tf.Scalar[];
  /** Of each codebook after the step. */
  readonly states: readonly CodebookState[];
}

/** Count that a replaced code starts with. */
const startCount = 0.5;

/**
 * Residual quantization whose codebooks follow averages, as EnCodec has it, with two differences: dead codes are replaced
 * for good (there the replacement is lost in the same step), and each item may use fewer codebooks. A codebook sees the
 * residual without the gradient of those before. Pure; call it inside `tidy`.
 *
 * @param latents - `[B, F, D]`, float32.
 * @param states - `codes` `[K, D]`, `counts` `[K]`, `sums` `[K, D]` of each codebook.
 */
export function trainResidualCodebooks(
  latents: tf.Tensor3D,
  states: readonly CodebookState[],
  { kept, rows: drawnRows }: ResidualCodebookDraws,
  { decay = 0.99, deadBelow = 0.03 }: ResidualCodebookOptions = {},
): ResidualCodebookTraining {
  const [batch, frames, width] = latents.shape;
  let residual: tf.Tensor = latents;
  const parts: tf.Tensor[] = [];
  const losses: tf.Scalar[] = [];
  const perplexities: tf.Scalar[] = [];
  const after = states.map((state, layer) => {
    const codebookSize = state.codes.shape[0]!;
    const rows = tf.reshape(stopGradient(residual), [1, batch * frames, width]) as tf.Tensor3D;
    const config = { flavor: 'encodec', codebookSize, codebookDim: width, decay } as const;
    const step = trainAveragedVector(residual, {}, state, config);
    const codes = stopGradient(step.quantized);
    const isUsed = tf.reshape(tf.slice(kept, [0, layer], [batch, 1]), [batch, 1, 1]);
    parts.push(tf.mul(codes, isUsed));
    losses.push(step.loss);
    perplexities.push(step.perplexity);
    residual = tf.sub(residual, codes);
    return expired(step.state, rows, drawnRows, deadBelow);
  });
  const sum = tf.addN(parts);
  return {
    quantized: straightThrough(latents, () => tf.clone(sum)) as tf.Tensor3D,
    commitment: tf.div(tf.addN(losses), losses.length) as tf.Scalar,
    perplexities,
    states: after,
  };
}

function expired(state: CodebookState, rows: tf.Tensor3D, drawn: tf.Tensor1D, threshold: number): CodebookState {
  const stacked: CodebookState = {
    codes: tf.expandDims(state.codes, 0),
    counts: tf.expandDims(state.counts, 0),
    sums: tf.expandDims(state.sums!, 0),
  };
  const { codes, counts, sums } = expireCodes(stacked, rows, drawn, { threshold, resetCount: startCount });
  return { codes: tf.squeeze(codes, [0]), counts: tf.squeeze(counts, [0]), sums: tf.squeeze(sums!, [0]) };
}

/** Codebooks among the buffers of a training step: `<layer>.codes`, `<layer>.counts`, `<layer>.sums`. */
export function statesOfBuffers(buffers: Tensors, codebooks: number): readonly CodebookState[] {
  return Array.from({ length: codebooks }, (_, layer) => ({
    codes: buffers[`${layer}.codes`]!,
    counts: buffers[`${layer}.counts`]!,
    sums: buffers[`${layer}.sums`]!,
  }));
}

/** The inverse of {@link statesOfBuffers}. */
export function buffersOfStates(states: readonly CodebookState[]): Tensors {
  return Object.fromEntries(
    states.flatMap(({ codes, counts, sums }, layer) => [
      [`${layer}.codes`, codes],
      [`${layer}.counts`, counts],
      [`${layer}.sums`, sums!],
    ]),
  );
}
