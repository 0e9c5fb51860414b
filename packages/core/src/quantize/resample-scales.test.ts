import '@tensorflow/tfjs';
import * as tf from '@tensorflow/tfjs-core';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { onBackends, resultOf, wave } from '../../test/on-backends';
import { InputError } from '../errors/input-error';
import { torchInterpolate } from '../raster/torch-interpolate';
import { expectClose } from '../test/expect-close';
import { resampleMap, resampleSequence, resampleWeights, type ScaleResampling } from './resample-scales';

const methods: readonly ScaleResampling[] = ['area', 'bilinear', 'bicubic'];
const row = (source: number, size: number, method: ScaleResampling, at: number) =>
  resampleWeights(source, size, method).subarray(at * source, (at + 1) * source);

describe('weights of an axis', () => {
  it('has the check values of PyTorch', () => {
    expectClose(row(2, 4, 'bicubic', 0), [1.10546875, -0.10546875], 1e-7);
    expectClose(row(2, 4, 'bicubic', 1), [0.7734375, 0.2265625], 1e-7);
    expectClose(row(2, 4, 'bicubic', 2), [0.2265625, 0.7734375], 1e-7);
    expectClose(row(2, 4, 'bicubic', 3), [-0.10546875, 1.10546875], 1e-7);
    expectClose(row(3, 4, 'bicubic', 0), [1.07177734, -0.07177734, 0], 1e-7);
    const third = Math.fround(1 / 3);
    expect([...row(16, 10, 'area', 1)]).toEqual([0, third, third, third, ...new Array<number>(12).fill(0)]);
    expect([...row(2, 4, 'bilinear', 1)]).toEqual([0.75, 0.25]);
  });

  it.each(methods)('%s: has rows that add up to 1 and leaves an axis of equal length alone', (method) => {
    const length = fc.integer({ min: 1, max: 20 });
    fc.assert(
      fc.property(length, length, (source, size) => {
        expect([...row(size, size, method, size - 1)]).toEqual([...new Array<number>(size - 1).fill(0), 1]);
        for (let at = 0; at < size; at++) {
          const sum = row(source, size, method, at).reduce((total, weight) => total + weight, 0);
          expect(sum).toBeCloseTo(1, 5);
        }
      }),
    );
  });

  it('refuses lengths that no axis has', () => {
    expect(() => resampleWeights(0, 3, 'area')).toThrow(InputError);
    expect(() => resampleWeights(3, 0, 'area')).toThrow(InputError);
    expect(() => resampleWeights(3, 1.5, 'area')).toThrow(InputError);
  });
});

describe('resampling', () => {
  onBackends(() => {
    it.each(methods)('%s: equals the interpolation of pictures', (method) => {
      for (const [height, width, low, narrow] of [
        [5, 7, 3, 4],
        [3, 2, 8, 5],
        [1, 6, 4, 6],
      ] as const) {
        const data = wave(height * width * 3, height);
        const expected = torchInterpolate({ height, width, channels: 3, data }, low, narrow, method);
        const actual = resultOf(() => resampleMap(tf.tensor4d(data, [1, height, width, 3]), [low, narrow], method));
        expectClose(actual, { shape: [1, low, narrow, 3], data: expected.data }, 1e-6);
      }
    });

    it('resamples every item of a batch, and none of an empty one', () => {
      const x = wave(2 * 4 * 4 * 2);
      const both = resultOf(() => resampleMap(tf.tensor4d(x, [2, 4, 4, 2]), [3, 2], 'bicubic'));
      const second = resultOf(() => resampleMap(tf.tensor4d(x.subarray(32), [1, 4, 4, 2]), [3, 2], 'bicubic'));
      expectClose(both.data.subarray(12), second.data, 0);
      expect(resultOf(() => resampleMap(tf.zeros([0, 4, 4, 2]), [3, 2], 'area')).shape).toEqual([0, 3, 2, 2]);
    });

    it('gives gradients by the transposed weights', () => {
      const grad = resultOf(() =>
        tf.grad((x: tf.Tensor) =>
          tf.sum(tf.slice(resampleMap(x as tf.Tensor4D, [4, 2], 'bicubic'), [0, 0, 0, 0], [1, 1, 1, 1])),
        )(tf.zeros([1, 2, 2, 1])),
      );
      expectClose(grad.data, [1.10546875, 0, -0.10546875, 0], 1e-6);
    });

    it('resamples sequences as maps of one column', () => {
      const x = wave(2 * 6 * 3);
      const sequence = resultOf(() => resampleSequence(tf.tensor3d(x, [2, 6, 3]), 4, 'area'));
      const map = resultOf(() => resampleMap(tf.tensor4d(x, [2, 6, 1, 3]), [4, 1], 'area'));
      expectClose(sequence, { shape: [2, 4, 3], data: map.data }, 0);
    });
  });
});
