import * as tf from '@tensorflow/tfjs-core';
import { describe, expect, it } from 'vitest';
import { onBackends, valuesOf } from '../../../test/on-backends';
import { expectClose } from '../../test/expect-close';
import { expireCodes, replaceByRandomRows, splitMostUsedCodes, substituteCodes } from './dead-codes';
import type { CodebookState } from './ema-codebook';

const threshold = 2;
const state = (): CodebookState => ({
  codes: tf.tensor3d([1, 2, 3, 4, 5, 6, 7, 8], [1, 4, 2]),
  counts: tf.tensor2d([[1, 5, 0.5, 9]]),
  sums: tf.tensor3d([1, 2, 15, 20, 2, 3, 63, 72], [1, 4, 2]),
});
const rows = () => tf.tensor3d([10, 0, 0, 20, 30, 0], [1, 3, 2]);
const draws = (...order: number[]) => tf.tensor1d(order, 'int32');

describe('the replacement of dead codes', () => {
  onBackends(() => {
    it('starts the n-th dead code anew from the n-th drawn row', () => {
      const expired = () => expireCodes(state(), rows(), draws(2, 1, 0), { threshold });
      expect(valuesOf(() => expired().codes)).toEqual([30, 0, 3, 4, 0, 20, 7, 8]);
      expect(valuesOf(() => expired().counts)).toEqual([2, 5, 2, 9]);
      expect(valuesOf(() => expired().sums!)).toEqual([60, 0, 15, 20, 0, 40, 63, 72]);
      const reset = () => expireCodes(state(), rows(), draws(2, 1, 0), { threshold, resetCount: 7 });
      expect(valuesOf(() => reset().counts)).toEqual([7, 5, 7, 9]);
    });

    it('uses drawn rows again where they are too few', () => {
      expect(valuesOf(() => expireCodes(state(), rows(), draws(1), { threshold: 100 }).codes)).toEqual([
        0, 20, 0, 20, 0, 20, 0, 20,
      ]);
    });

    it('changes nothing where every code is alive', () => {
      const same = () => expireCodes(state(), rows(), draws(0, 1, 2), { threshold: 0.1 });
      for (const name of ['codes', 'counts', 'sums'] as const) {
        expect(valuesOf(() => same()[name]!)).toEqual(valuesOf(() => state()[name]!));
      }
    });

    it('takes the rows of each codebook for its own codes', () => {
      const two = (): CodebookState => ({
        codes: tf.zeros([2, 2, 1]),
        counts: tf.tensor2d([
          [0, 5],
          [5, 0],
        ]),
      });
      const values = () => tf.tensor3d([1, 2, 3, 4], [2, 2, 1]);
      const drawn = () => tf.tensor2d([0, 1, 1, 0], [2, 2], 'int32');
      expect(valuesOf(() => expireCodes(two(), values(), drawn(), { threshold }).codes)).toEqual([1, 0, 0, 4]);
    });

    it('gives each code its own candidate in EnCodec, and leaves counts and sums', () => {
      const substituted = () => substituteCodes(state(), rows(), draws(2, 2, 1, 0, 0), { threshold });
      expect(valuesOf(() => substituted().codes)).toEqual([30, 0, 3, 4, 0, 20, 7, 8]);
      expect(valuesOf(() => substituted().counts)).toEqual([1, 5, 0.5, 9]);
    });

    it('scales the rows of 4M to length 1', () => {
      const replaced = () => replaceByRandomRows(state(), rows(), draws(1, 0), { threshold });
      expect(valuesOf(() => replaced().codes)).toEqual([0, 1, 3, 4, 1, 0, 7, 8]);
      expect(valuesOf(() => replaced().counts)).toEqual([1, 5, 0.5, 9]);
    });

    it('copies the most used codes in order, at length 1', () => {
      const split = valuesOf(() => splitMostUsedCodes(state(), tf.ones([4, 2]), { threshold }).codes);
      expectClose(split, [7 / Math.hypot(7, 8), 8 / Math.hypot(7, 8), 3, 4, 0.6, 0.8, 7, 8]);
    });
  });
});
