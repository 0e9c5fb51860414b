import * as tf from '@tensorflow/tfjs-core';
import { describe, expect, it } from 'vitest';
import { onBackends, valuesOf, wave } from '../../../core/test/on-backends';
import { gatherRows } from './gather-rows';

describe('gatherRows', () => {
  onBackends(() => {
    it('takes positions of every row by itself', () => {
      const [batch, length, width] = [3, 7, 4];
      const data = wave(batch * length * width);
      const positions = [6, 0, 2, 2, 1, 1, 5, 3, 4, 0, 6, 6];
      const values = valuesOf(() =>
        gatherRows(tf.tensor3d(data, [batch, length, width]), tf.tensor2d(positions, [batch, 4], 'int32')),
      );
      const expected = positions.flatMap((position, index) => {
        const start = (Math.floor(index / 4) * length + position) * width;
        return Array.from(data.subarray(start, start + width));
      });
      expect(values).toEqual(expected);
    });
  });
});
