import * as tf from '@tensorflow/tfjs-core';
import { afterEach, beforeEach, expect } from 'vitest';

/** Fails every test of the surrounding suite that leaves tensors behind (architecture 2.7). */
export function useLeakGuard(): void {
  let before = 0;
  beforeEach(() => {
    before = tf.memory().numTensors;
  });
  afterEach(() => {
    const left = tf.memory().numTensors - before;
    expect(left, `${left} tensors were left behind by this test`).toBe(0);
  });
}
