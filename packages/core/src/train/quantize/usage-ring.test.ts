import * as tf from '@tensorflow/tfjs-core';
import { describe, expect, it } from 'vitest';
import { onBackends, valuesOf } from '../../../test/on-backends';
import { expectClose } from '../../test/expect-close';
import { codeCounts, codePerplexity, updateUsageRing, usageOf, usageRing } from './usage-ring';

const ids = (...values: number[]) => tf.tensor1d(values, 'int32');

describe('windowed usage', () => {
  onBackends(() => {
    it('drops the oldest ids', () => {
      const after = (...batches: number[][]) =>
        valuesOf(() => batches.reduce((ring, batch) => updateUsageRing(ring, ids(...batch)), usageRing(4)));
      expect(after([1, 2])).toEqual([0, 0, 1, 2]);
      expect(after([1, 2], [3, 4, 5])).toEqual([2, 3, 4, 5]);
      expect(after([1, 2, 3, 4, 5, 6])).toEqual([3, 4, 5, 6]);
    });

    it('counts id 0 as used until the ring is full', () => {
      const usage = (...batch: number[]) => valuesOf(() => usageOf(updateUsageRing(usageRing(4), ids(...batch)), 8));
      expect(usage(5)).toEqual([2 / 8]);
      expect(usage(5, 6, 7, 5)).toEqual([3 / 8]);
    });

    it('counts codes, and nothing else', () => {
      expect(
        valuesOf(() =>
          codeCounts(
            tf.tensor2d(
              [
                [0, 2],
                [2, -1],
              ],
              [2, 2],
              'int32',
            ),
            3,
          ),
        ),
      ).toEqual([1, 0, 2]);
      expect(valuesOf(() => codeCounts(ids(9, 1), 3))).toEqual([0, 1, 0]);
    });

    it('has the perplexity of the specification', () => {
      // Shares of a half and two quarters of four codes.
      expectClose(
        valuesOf(() => codePerplexity(ids(0, 0, 1, 2), 4)),
        [2.828427],
        1e-5,
      );
      expectClose(
        valuesOf(() => codePerplexity(ids(3, 3), 4)),
        [1],
        1e-5,
      );
    });
  });
});
