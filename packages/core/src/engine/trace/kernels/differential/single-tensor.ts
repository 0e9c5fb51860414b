import type * as tf from '@tensorflow/tfjs-core';
import type { CaseGenerator } from './harness';
import type { Random } from './random';

/** Types of a case; float32 is the frequent one. */
export const dtypes = ['float32', 'float32', 'int32', 'bool'] as const;

/** Names to differentiate by: none where the type has no gradient. */
export function gradientOf(dtype: string, names: readonly string[]): readonly string[] {
  return dtype === 'float32' ? names : [];
}

/** A case of one tensor `x` of any type. */
export function single(
  shape: (random: Random) => number[],
  op: (random: Random, shape: readonly number[]) => (x: tf.Tensor) => tf.Tensor | tf.Tensor[],
  gradient = true,
): CaseGenerator {
  return (random) => {
    const dtype = random.pick(dtypes);
    const lengths = shape(random);
    const run = op(random, lengths);
    const size = lengths.reduce((product, length) => product * length, 1);
    return {
      inputs: { x: random.tensor(lengths, dtype) },
      run: ({ x }) => run(x!),
      gradients: gradient && size > 0 ? gradientOf(dtype, ['x']) : [],
    };
  };
}

/** Any shape, sometimes without elements. */
export const any = (random: Random) => random.shape({ zero: true });
/** Rank 1 at least. */
export const ranked = (random: Random) => random.shape({ minRank: 1 });
/** `[0, 1, …, rank − 1]`. */
export const order = (rank: number) => Array.from({ length: rank }, (_, axis) => axis);
