import * as tf from '@tensorflow/tfjs-core';
import { describe, it } from 'vitest';
import { onBackends, valuesOf, wave } from '../../test/on-backends';
import { expectClose } from '../test/expect-close';
import { affineCodes, affineRows, rowMoments } from './affine-codes';

describe('affine codebooks', () => {
  onBackends(() => {
    const rows = () => tf.tensor3d(wave(24), [2, 4, 3]);
    const codes = () => tf.mul(tf.add(tf.tensor3d(wave(30, 1), [2, 5, 3]), 2), 3) as tf.Tensor3D;
    const statistics = () => {
      const [batch, codebook] = [rowMoments(rows()), rowMoments(codes())];
      return {
        batchMean: batch.mean,
        batchVariance: batch.variance,
        codebookMean: codebook.mean,
        codebookVariance: codebook.variance,
      };
    };

    it('have the mean and variance of the vectors', () => {
      const moved = (which: 'mean' | 'variance') =>
        valuesOf(() => rowMoments(affineCodes(codes(), statistics()))[which]);
      expectClose(
        moved('mean'),
        valuesOf(() => rowMoments(rows()).mean),
      );
      expectClose(
        moved('variance'),
        valuesOf(() => rowMoments(rows()).variance),
      );
    });

    it('move vectors the other way', () => {
      expectClose(
        valuesOf(() => affineRows(affineCodes(codes(), statistics()), statistics())),
        valuesOf(codes),
        1e-5,
      );
    });

    it('count only rows with a weight', () => {
      const some = valuesOf(() => rowMoments(rows(), tf.tensor1d([1, 0, 1, 1])).variance);
      const left = valuesOf(() => rowMoments(tf.gather(rows(), [0, 2, 3], 1)).variance);
      expectClose(some, left);
    });
  });
});
