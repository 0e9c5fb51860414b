import * as tf from '@tensorflow/tfjs-core';
import {
  type Engine,
  type HostTensor,
  type HostTensors,
  modelFunction,
  mulberry32,
  type Tensors,
} from '@tesserae/core';
import { decodeVectors, encodeVectors } from '@tesserae/core/nn';
import { type CodebookState, kMeans, stopGradient } from '@tesserae/core/train';
import { buffersOfStates } from './residual-codebooks';

export interface StartCodebookOptions {
  readonly codebooks: number;
  /** Codes of each; at most as many as there are rows. */
  readonly codebookSize: number;
  /** Vectors that a training step will see: the counts begin as if all steps so far had been such ones. */
  readonly rowsPerStep: number;
  /** Default 10. */
  readonly iterations?: number;
  readonly seed: number;
}

/**
 * Codebooks by k-means, each of what those before it leave over.
 *
 * @param latents - `[M, D]`, float32.
 * @returns Buffers of a training step, see `statesOfBuffers`.
 */
export async function startCodebooks(
  latents: HostTensor,
  engine: Engine,
  { codebooks, codebookSize, rowsPerStep, iterations = 10, seed }: StartCodebookOptions,
): Promise<HostTensors> {
  const [count] = latents.shape as [number];
  const start = modelFunction(
    () => undefined,
    (_part, { rows, starts }: Tensors) => {
      let residual = rows as tf.Tensor2D;
      const states = tf.unstack(starts as tf.Tensor2D).map((startRows): CodebookState => {
        const stacked = tf.expandDims(residual, 0) as tf.Tensor3D;
        const found = kMeans(stacked, startRows, { clusters: codebookSize, iterations });
        const codes = tf.squeeze(found.means, [0]) as tf.Tensor2D;
        const counts = tf.mul(tf.squeeze(found.counts, [0]), rowsPerStep / count);
        const { ids } = encodeVectors(residual, codes, {});
        residual = tf.sub(residual, stopGradient(decodeVectors(ids, codes, {}))) as tf.Tensor2D;
        return { codes, counts, sums: tf.mul(codes, tf.expandDims(counts, 1)) };
      });
      return buffersOfStates(states);
    },
  );
  const executable = await engine.load(start, undefined as never, { name: 'codebook start' });
  try {
    const starts = Int32Array.from(
      Array.from({ length: codebooks }, (_, layer) => drawRows(count, codebookSize, seed + layer)).flat(),
    );
    return await executable.run({ rows: latents, starts: { shape: [codebooks, codebookSize], data: starts } });
  } finally {
    await executable.dispose();
  }
}

/** The first of a random permutation of `0..count-1`. */
export function drawRows(count: number, wanted: number, seed: number): number[] {
  const keys = mulberry32(seed).uniform(count);
  return Array.from(keys.keys())
    .toSorted((a, b) => keys[a]! - keys[b]!)
    .slice(0, wanted);
}
