import '@tensorflow/tfjs';
import * as tf from '@tensorflow/tfjs-core';
import { beforeAll, describe, expect, it } from 'vitest';
import { valuesOf, wave } from '../../../test/on-backends';
import { ShapeError } from '../../errors';
import { nearest } from '../../quantize/nearest';
import { expectClose } from '../../test/expect-close';
import { useLeakGuard } from '../../test/leak-guard';
import { codebookScores, lookupCodebooks, ownCodebookScores, prepareRows, searchCodebooks } from './codebook-search';

beforeAll(async () => {
  await tf.setBackend('cpu');
});

describe('a search in stacked codebooks', () => {
  useLeakGuard();
  const rows = () => tf.tensor3d(wave(30), [2, 5, 3]);
  const codes = () => tf.tensor3d(wave(24, 1), [2, 4, 3]);
  const head = (tensor: tf.Tensor3D, index: number) => tf.squeeze(tf.slice(tensor, [index, 0, 0], [1, -1, -1]), [0]);

  it.each(['euclidean', 'cosine'] as const)('finds what a search in each codebook finds (%s)', (metric) => {
    tf.tidy(() => {
      const [x, e] = [prepareRows(rows(), metric) as tf.Tensor3D, prepareRows(codes(), metric) as tf.Tensor3D];
      const apart = [0, 1].flatMap((index) => [
        ...nearest(head(x, index), head(e, index) as tf.Tensor2D, {
          metric: metric === 'cosine' ? 'dot' : 'root',
        }).ids.dataSync(),
      ]);
      expect([...searchCodebooks(x, e, metric).ids.dataSync()]).toEqual(apart);
    });
  });

  it('gives minus the distance, at least 1e-4', () => {
    const scores = valuesOf(() =>
      codebookScores(tf.tensor3d([3, 4], [1, 1, 2]), tf.tensor3d([0, 0, 3, 4], [1, 2, 2]), 'euclidean'),
    );
    expectClose(scores, [-5, -1e-4]);
  });

  it('compares vectors with codes of their own', () => {
    const own = () => tf.tile(tf.expandDims(codes(), 1), [1, 5, 1, 1]) as tf.Tensor4D;
    for (const metric of ['euclidean', 'cosine'] as const) {
      expectClose(
        valuesOf(() => ownCodebookScores(rows(), own(), metric)),
        valuesOf(() => codebookScores(rows(), prepareRows(codes(), metric) as tf.Tensor3D, metric)),
        1e-5,
      );
    }
  });

  it('looks ids up in the codebook of their head, with a gradient to it', () => {
    tf.tidy(() => {
      const ids = tf.tensor2d([3, 0, 0, 1], [2, 2], 'int32');
      const found = lookupCodebooks(codes(), ids).dataSync();
      const table = wave(24, 1);
      expect([...found]).toEqual([9, 0, 12, 15].flatMap((start) => [...table.subarray(start, start + 3)]));
      const gradient = tf
        .grad((e: tf.Tensor) => tf.sum(lookupCodebooks(e as tf.Tensor3D, ids)))(codes())
        .dataSync();
      const used = [0, 3, 4, 5];
      gradient.forEach((value, at) => expect(value).toBe(used.includes(Math.floor(at / 3)) ? 1 : 0));
    });
  });

  it('takes values from one codebook and gradients from another', () => {
    tf.tidy(() => {
      const [x, old, moved] = [rows(), codes(), tf.add(codes(), 0.3) as tf.Tensor3D];
      expect([...codebookScores(x, old, 'euclidean', moved).dataSync()]).toEqual([
        ...codebookScores(x, old, 'euclidean').dataSync(),
      ]);
      const ofCosine = tf.grad((z: tf.Tensor) => tf.sum(codebookScores(z as tf.Tensor3D, old, 'cosine', moved)))(x);
      const ofMoved = tf.grad((z: tf.Tensor) => tf.sum(codebookScores(z as tf.Tensor3D, moved, 'cosine')))(x);
      expectClose(ofCosine.dataSync(), ofMoved.dataSync());
    });
  });

  it('refuses vectors of another width', () => {
    expect(() => tf.tidy(() => codebookScores(tf.zeros([2, 5, 4]), codes(), 'euclidean'))).toThrow(ShapeError);
  });
});
