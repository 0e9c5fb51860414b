import * as tf from '@tensorflow/tfjs-core';
import { describe, expect, it } from 'vitest';
import { onBackends, resultOf, valuesOf, wave } from '../../../test/on-backends';
import { expectClose } from '../../test/expect-close';
import { assignmentsOf, kMeans, type KMeansResult, perHead } from './kmeans';

const hostOf = (compute: () => KMeansResult) => ({
  means: valuesOf(() => compute().means),
  counts: valuesOf(() => compute().counts),
});

describe('k-means', () => {
  onBackends(() => {
    const line = () => tf.tensor3d([0, 1, 10, 11, 12], [1, 5, 1]);
    const starts = (...rows: number[]) => tf.tensor1d(rows, 'int32');

    it('finds the means of clusters and how many rows they have', () => {
      expectClose(
        valuesOf(() => kMeans(line(), starts(0, 1)).means),
        [0.5, 11],
      );
      expectClose(
        valuesOf(() => kMeans(line(), starts(0, 1)).counts),
        [2, 3],
      );
    });

    it('keeps the mean of an empty cluster, gives equal means to the first', () => {
      const { means, counts } = hostOf(() => kMeans(line(), starts(2, 0, 2), { iterations: 1 }));
      expectClose(means, [11, 0.5, 10]);
      expectClose(counts, [3, 2, 0]);
      // The mean that stayed behind is now the nearest of a row.
      expectClose(hostOf(() => kMeans(line(), starts(2, 0, 2))).means, [11.5, 0.5, 10]);
    });

    it('counts what the last round saw', () => {
      // Means 0 and 1 split the rows 1 to 4.
      expect(valuesOf(() => kMeans(line(), starts(0, 1), { iterations: 1 }).counts)).toEqual([1, 4]);
      expect(valuesOf(() => kMeans(line(), starts(0, 1), { iterations: 1 }).means)).toEqual([0, 8.5]);
    });

    it('leaves out rows without weight as if they were not there', () => {
      const rows = () => tf.tensor3d(wave(60), [1, 20, 3]);
      const weights = () => tf.tensor1d(Array.from({ length: 20 }, (_, row) => Number(row % 4 !== 1)));
      const left = Array.from({ length: 20 }, (_, row) => row).filter((row) => row % 4 !== 1);
      const weighted = resultOf(() => kMeans(rows(), starts(0, 6, 12), { weights: weights() }).means);
      const fewer = resultOf(
        () => kMeans(tf.gather(rows(), left, 1), starts(left.indexOf(0), left.indexOf(6), left.indexOf(12))).means,
      );
      expectClose(weighted, fewer);
    });

    it('compares directions and keeps means at length 1', () => {
      const rows = () => tf.tensor3d([1, 0, 0.8, 0.6, 0, 1, -0.6, 0.8], [1, 4, 2]);
      const { shape, data } = resultOf(() => kMeans(rows(), starts(0, 3), { metric: 'cosine' }).means);
      expect(shape).toEqual([1, 2, 2]);
      expectClose(
        [0, 1].map((row) => Math.hypot(data[2 * row]!, data[2 * row + 1]!)),
        [1, 1],
      );
      expectClose(
        data,
        [1.8, 0.6, -0.6, 1.8].map((value) => value / Math.hypot(1.8, 0.6)),
      );
    });

    it('treats heads apart, takes as many start rows as clusters', () => {
      const rows = () => tf.concat([line(), tf.mul(line(), -1)], 0) as tf.Tensor3D;
      const options = { clusters: 2 };
      expectClose(
        valuesOf(() => kMeans(rows(), starts(0, 1, 4, 2), options).means),
        [0.5, 11, -0.5, -11],
      );
      expect(valuesOf(() => perHead(starts(3, 4, 5), 2, 2))).toEqual([3, 4, 3, 4]);
    });
  });
});

describe('one-hot rows', () => {
  onBackends(() => {
    it('are zeros for ids outside and scaled by weights', () => {
      const ids = () => tf.tensor2d([[0, 2, -1, 3]], [1, 4], 'int32');
      expect(valuesOf(() => assignmentsOf(ids(), 3))).toEqual([1, 0, 0, 0, 0, 1, 0, 0, 0, 0, 0, 0]);
      expect(valuesOf(() => assignmentsOf(ids(), 3, tf.tensor1d([0, 1, 1, 1])))).toEqual([
        0, 0, 0, 0, 0, 1, 0, 0, 0, 0, 0, 0,
      ]);
    });
  });
});
