import * as tf from '@tensorflow/tfjs-core';
import { afterEach, beforeEach, expect } from 'vitest';

/**
 * Fails every test of the surrounding suite that leaves tensors behind (architecture 2.7). Counts what
 * `tf.memory().numTensors` counts, also where no backend is registered yet.
 */
export function useLeakGuard(): void {
  let before = 0;
  beforeEach(() => {
    before = tf.engine().state.numTensors;
  });
  afterEach(() => {
    const left = tf.engine().state.numTensors - before;
    expect(left, `${left} tensors were left behind by this test`).toBe(0);
  });
}
