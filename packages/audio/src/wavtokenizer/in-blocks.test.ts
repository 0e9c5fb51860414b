import * as tf from '@tensorflow/tfjs-core';
import { describe, expect, it } from 'vitest';
import { onCpu } from '../../test/on-cpu';
import { inBlocks } from './in-blocks';

describe('inBlocks', () => {
  it.each([
    [2 ** 20, [4, 4, 2]],
    [2 ** 23, new Array<number>(10).fill(1)],
    [16, [10]],
  ])('of a function with %i columns gives what all frames at once give', async (columns, wanted) => {
    const frames: number[] = [];
    const values = Array.from({ length: 20 }, (_, at) => at);
    const given = await onCpu(() =>
      inBlocks(tf.tensor3d(values, [1, 10, 2]), columns, (block) => {
        frames.push(block.shape[1]);
        return tf.mul(block, 2);
      }),
    );
    expect([...given]).toEqual(values.map((value) => 2 * value));
    expect(frames).toEqual(wanted);
  });
});
