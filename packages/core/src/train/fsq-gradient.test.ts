import '@tensorflow/tfjs';
import * as tf from '@tensorflow/tfjs-core';
import { beforeAll, describe, expect, it } from 'vitest';
import { fsqCodes, fsqDigits, type FsqBound } from '../quantize/fsq';
import { roundStraightThrough } from './straight-through';

beforeAll(async () => {
  await tf.setBackend('cpu');
});

describe('straight-through gradient of finite scalar quantization', () => {
  it.each(['tanh', 'symmetric', 'sigmoid'] as const)(
    'reaches every level, the outer ones too (%s)',
    (bound: FsqBound) => {
      for (const count of [5, 8]) {
        const config = { levels: [count], bound };
        const z = tf.linspace(-1.5, 1.5, 61).reshape([61, 1]);
        const digits = fsqDigits(z, config).dataSync();
        expect(new Set([...digits].map((digit) => digit + 0)).size).toBe(count);
        const slope = tf.grad((x: tf.Tensor) =>
          tf.sum(fsqCodes(fsqDigits(x, config, { round: roundStraightThrough }), config)),
        )(z);
        for (const value of slope.dataSync()) expect(value).toBeGreaterThan(0.01);
      }
    },
  );
});
