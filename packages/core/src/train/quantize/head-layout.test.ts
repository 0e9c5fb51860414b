import * as tf from '@tensorflow/tfjs-core';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { onBackends, valuesOf, wave } from '../../../test/on-backends';
import { joinHeads, maskOfLengths, rowWeights, splitHeads, vectorAxes } from './head-layout';

describe('vectors by heads', () => {
  onBackends(() => {
    it('come back as they were', () => {
      const size = fc.integer({ min: 1, max: 4 });
      fc.assert(
        fc.property(size, size, size, size, fc.boolean(), (batch, length, heads, dim, separateCodebookPerHead) => {
          const layout = { heads, separateCodebookPerHead };
          const values = wave(batch * length * heads * dim);
          const back = valuesOf(() => {
            const x = tf.tensor3d(values, [batch, length, heads * dim]);
            return joinHeads(splitHeads(x, layout), layout, { batch, length, leading: [batch, length] });
          });
          expect(back).toEqual([...values]);
        }),
        { numRuns: 30 },
      );
    });

    it('lie in the order of the official rows: item, head, position', () => {
      // Element = 100 item + 10 position + head.
      const x = () => tf.tensor3d([0, 1, 10, 11, 100, 101, 110, 111], [2, 2, 2]);
      expect(valuesOf(() => splitHeads(x(), { heads: 2, separateCodebookPerHead: false }))).toEqual([
        0, 10, 1, 11, 100, 110, 101, 111,
      ]);
      expect(valuesOf(() => splitHeads(x(), { heads: 2, separateCodebookPerHead: true }))).toEqual([
        0, 10, 100, 110, 1, 11, 101, 111,
      ]);
      const mask = () => tf.tensor2d([1, 0, 1, 1], [2, 2]);
      const axes = vectorAxes([2, 2, 2]);
      expect(valuesOf(() => rowWeights(mask(), { heads: 2, separateCodebookPerHead: false }, axes))).toEqual([
        1, 0, 1, 0, 1, 1, 1, 1,
      ]);
      expect(valuesOf(() => rowWeights(mask(), { heads: 2, separateCodebookPerHead: true }, axes))).toEqual([
        1, 0, 1, 1,
      ]);
    });

    it('count all axes between the first and the last as positions', () => {
      expect(vectorAxes([2, 3, 4, 5])).toEqual({ batch: 2, length: 12, leading: [2, 3, 4] });
      expect(vectorAxes([7, 5])).toEqual({ batch: 7, length: 1, leading: [7] });
      expect(vectorAxes([5])).toEqual({ batch: 1, length: 1, leading: [] });
    });

    it('have masks made of lengths', () => {
      expect(valuesOf(() => maskOfLengths(tf.tensor1d([2, 0, 3], 'int32'), 3))).toEqual([1, 1, 0, 0, 0, 0, 1, 1, 1]);
    });
  });
});
