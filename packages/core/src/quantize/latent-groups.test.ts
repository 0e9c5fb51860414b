import * as tf from '@tensorflow/tfjs-core';
import { describe, expect, it } from 'vitest';
import { onBackends, resultOf, wave } from '../../test/on-backends';
import { ShapeError } from '../errors';
import { expectClose } from '../test/expect-close';
import { groupLatent, ungroupLatent } from './latent-groups';

describe('groups of a latent', () => {
  onBackends(() => {
    it('groups neighbors into cells, or distant vectors into subsamples', () => {
      const latent = () => tf.range(0, 16) as tf.Tensor;
      const groups = (kind: 'cell' | 'subsample') =>
        resultOf(() => groupLatent(tf.reshape(latent(), [1, 4, 4, 1]) as tf.Tensor4D, 2, kind));
      expect(groups('cell').shape).toEqual([1, 4, 4, 1]);
      expect([...groups('cell').data.subarray(0, 8)]).toEqual([0, 1, 4, 5, 2, 3, 6, 7]);
      expect([...groups('subsample').data.subarray(0, 8)]).toEqual([0, 2, 8, 10, 1, 3, 9, 11]);
    });

    it.each(['cell', 'subsample'] as const)('ungroups a %s', (kind) => {
      const data = wave(2 * 4 * 6 * 3);
      const back = resultOf(() =>
        ungroupLatent(groupLatent(tf.tensor4d(data, [2, 4, 6, 3]), 2, kind), [4, 6], 2, kind),
      );
      expectClose(back, { shape: [2, 4, 6, 3], data }, 0);
      const odd: tf.Tensor4D = tf.zeros([1, 3, 4, 1]);
      expect(() => groupLatent(odd, 2, kind)).toThrow(ShapeError);
      odd.dispose();
    });
  });
});
