import type * as tf from '@tensorflow/tfjs-core';

/** Receives what a model function passes to `tap`, in order of computation. */
export type TapCollector = (name: string, value: tf.Tensor) => void;

let collector: TapCollector | undefined;

/**
 * Names an intermediate value, so that a parity run can compare it. Returns `x` unchanged and costs nothing otherwise.
 *
 * @param name - The official module's name, `encoder.block0`.
 */
export function tap<T extends tf.Tensor>(name: string, x: T): T {
  collector?.(name, x);
  return x;
}

/** Runs `body` (synchronous) with `collect` receiving every tap. Engines call it; model code never does. */
export function withTaps<T>(collect: TapCollector | undefined, body: () => T): T {
  const outer = collector;
  collector = collect;
  try {
    return body();
  } finally {
    collector = outer;
  }
}
