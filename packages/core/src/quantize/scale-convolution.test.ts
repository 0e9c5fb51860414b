import * as tf from '@tensorflow/tfjs-core';
import { describe, expect, it } from 'vitest';
import { onBackends, valuesOf } from '../../test/on-backends';
import { expectClose } from '../test/expect-close';
import { blendConvolution, nearestTick, roundedPlace } from './scale-convolution';

const chosen = (choose: (count: number, scale: number, scales: number) => number, count: number, scales: number) =>
  Array.from({ length: scales }, (_, scale) => choose(count, scale, scales)).join('');

describe('the convolution of a scale', () => {
  // Printed by the official PhiPartiallyShared and PhiNonShared.
  it.each([
    [4, 1, '0'],
    [4, 2, '03'],
    [4, 3, '023'],
    [4, 5, '01223'],
    [4, 6, '001233'],
    [4, 8, '00112233'],
    [4, 10, '0011122333'],
    [4, 13, '0001112222333'],
    [4, 14, '00011112222333'],
    [2, 3, '001'],
    [3, 7, '0001122'],
    [5, 9, '001123344'],
    [10, 10, '0123456789'],
    [1, 4, '0000'],
  ])('is the nearest of %i ticks for %i scales', (count, scales, expected) => {
    expect(chosen(nearestTick, count, scales)).toBe(expected);
  });

  it.each([
    [2, 3, '001'],
    [2, 4, '0011'],
    [3, 3, '012'],
    [3, 5, '00122'],
    [4, 1, '0'],
  ])('is the rounded place among %i for %i scales', (count, scales, expected) => {
    expect(chosen(roundedPlace, count, scales)).toBe(expected);
  });

  onBackends(() => {
    it('is blended with what came in', () => {
      const kernel = tf.tidy(() =>
        tf.pad(tf.tensor4d([3], [1, 1, 1, 1]), [
          [1, 1],
          [1, 1],
          [0, 0],
          [0, 0],
        ]),
      );
      const bias = tf.tensor1d([10]);
      const x = () => tf.tensor4d([1, 2], [1, 1, 2, 1]);
      expectClose(
        valuesOf(() => blendConvolution(x(), { kernel: kernel as tf.Tensor4D, bias }, 0.25)),
        [4, 5.5],
      );
      expect(valuesOf(() => blendConvolution(x(), undefined, 0.25))).toEqual([1, 2]);
      tf.dispose([kernel, bias]);
    });
  });
});
