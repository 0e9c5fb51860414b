import * as tf from '@tensorflow/tfjs-core';
import { afterAll, beforeAll, describe } from 'vitest';
import { probeEager } from '../src/engine/eager/probe';
import { useLeakGuard } from '../src/test/leak-guard';

/** The tests of `body` on the plain and on the wasm backend; tensors that one leaves behind fail it. */
export function onBackends(body: (backend: 'cpu' | 'wasm') => void): void {
  describe.each(['cpu', 'wasm'] as const)('on %s', (backend) => {
    let before = '';
    beforeAll(async () => {
      await probeEager(backend);
      before = tf.getBackend();
      await tf.setBackend(backend);
    });
    afterAll(async () => {
      if (before) await tf.setBackend(before);
    });
    useLeakGuard();
    body(backend);
  });
}

/** Values of a tensor that `compute` makes; everything else it makes is freed. */
export function valuesOf(compute: () => tf.Tensor): number[] {
  return tf.tidy(() => Array.from(compute().dataSync()));
}

/** Shape and values. */
export function resultOf(compute: () => tf.Tensor): { readonly shape: readonly number[]; readonly data: Float32Array } {
  return tf.tidy(() => {
    const result = compute();
    return { shape: result.shape, data: Float32Array.from(result.dataSync()) };
  });
}

/** `count` values between -1 and 1 that look random and are the same every time. */
export function wave(count: number, phase = 0): Float32Array {
  return Float32Array.from({ length: count }, (_, index) => Math.sin(index * 12.9898 + phase * 78.233 + 0.5));
}
