import * as tf from '@tensorflow/tfjs-core';
import { describe, expect, it } from 'vitest';
import { onCpu } from '../../test/on-cpu';
import { sameConv, snake, trimmedTranspose } from './layers';

const close = (given: readonly number[], wanted: readonly number[]) => {
  expect(given).toHaveLength(wanted.length);
  given.forEach((value, index) => expect(value).toBeCloseTo(wanted[index]!, 5));
};

describe('snake', () => {
  it('adds a squared sine over the slope of its channel', async () => {
    const x = [0, 0.5, -1, 2];
    const alpha = [2, 0.25];
    const given = await onCpu(() => snake(tf.tensor3d(x, [1, 2, 2]), tf.tensor1d(alpha)));
    close(
      given,
      x.map((value, index) => value + Math.sin(alpha[index % 2]! * value) ** 2 / alpha[index % 2]!),
    );
  });

  it('stays finite where a slope is zero', async () => {
    expect(await onCpu(() => snake(tf.tensor3d([3], [1, 1, 1]), tf.tensor1d([0])))).toEqual([3]);
  });
});

describe('sameConv', () => {
  it('treats every channel by itself where the kernel has one input', async () => {
    const given = await onCpu(() =>
      sameConv(tf.tensor3d([1, 10, 2, 20, 3, 30], [1, 3, 2]), {
        kernel: tf.tensor3d([1, 0, 1, 1, 1, 0], [3, 1, 2]),
        bias: tf.tensor1d([0, 0.5]),
      }),
    );
    // The first channel sums its neighbors, the second one keeps itself.
    close(given, [3, 10.5, 6, 20.5, 5, 30.5]);
  });

  it('keeps the length with gaps between its taps', async () => {
    const given = await onCpu(() =>
      sameConv(tf.tensor3d([1, 2, 3, 4], [1, 4, 1]), { kernel: tf.tensor3d([1, 0, 1], [3, 1, 1]) }, 2),
    );
    close(given, [3, 4, 1, 2]);
  });
});

describe('trimmedTranspose', () => {
  it('gives the stride times as many steps, one less where it is odd and nothing is added', async () => {
    const lengthOf = async (stride: number, extra: number) => {
      const given = await onCpu(() =>
        trimmedTranspose(tf.ones([1, 4, 1]), { kernel: tf.ones([2 * stride, 1, 1]) }, stride, extra),
      );
      return given.length;
    };
    expect(await lengthOf(4, 0)).toBe(16);
    expect(await lengthOf(5, 0)).toBe(19);
    expect(await lengthOf(5, 1)).toBe(20);
  });
});
