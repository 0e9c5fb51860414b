import * as tf from '@tensorflow/tfjs-core';
import { describe, it } from 'vitest';
import { gatherKernels } from '../gather';
import { gatherCases } from './gather-cases';
import { compareWithCpu, describeFamily } from './harness';

describeFamily('gather', gatherKernels, gatherCases);

describe('scattering many rows onto few', () => {
  const [count, width, rows] = [60_000, 16, 3];
  const ids = Array.from({ length: count }, (_, index) => index % rows);

  it('loses no sum to another thread', async () => {
    await compareWithCpu(({ indices, updates }) => tf.scatterND(indices!, updates!, [rows, width]), {
      indices: { dtype: 'int32', shape: [count, 1], values: ids },
      updates: { dtype: 'float32', shape: [count, width], values: Array.from({ length: count * width }, () => 1) },
    });
  });

  it('keeps the last of equal rows', async () => {
    await compareWithCpu(
      ({ indices, updates }) => tf.tensorScatterUpdate(tf.zeros([rows, width]), indices!, updates!),
      {
        indices: { dtype: 'int32', shape: [count, 1], values: ids },
        updates: {
          dtype: 'float32',
          shape: [count, width],
          values: Array.from({ length: count * width }, (_, index) => index),
        },
      },
    );
  });
});
