import * as tf from '@tensorflow/tfjs-core';
import { describe, expect, it } from 'vitest';
import { onBackends, valuesOf } from '../../../core/test/on-backends';
import { poolEvery } from './pool-every';

describe('poolEvery', () => {
  onBackends(() => {
    it('takes means of what counts', () => {
      const input = () =>
        [
          tf.tensor3d([1, 2, 3, 4, 5, 6, 7, 8, 9, 10], [2, 5, 1]),
          tf.tensor2d([1, 1, 1, 0, 1, 1, 0, 0, 0, 0], [2, 5]),
          2,
        ] as const;
      expect([...valuesOf(() => poolEvery(...input()).vectors)]).toEqual([1.5, 3, 5, 6, 0, 0]);
      expect([...valuesOf(() => poolEvery(...input()).mask)]).toEqual([1, 1, 1, 1, 0, 0]);
    });

    it('refuses factors that are none', () => {
      for (const factor of [0, 1.5, NaN]) {
        const pool = () => tf.tidy(() => poolEvery(tf.zeros([1, 2, 1]), tf.ones([1, 2]), factor).vectors);
        expect(pool).toThrow('factor');
      }
    });
  });
});
