import '@tensorflow/tfjs';
import * as tf from '@tensorflow/tfjs-core';
import { beforeAll, describe, expect, it } from 'vitest';
import { valuesOf, wave } from '../../../test/on-backends';
import { expectClose } from '../../test/expect-close';
import { useLeakGuard } from '../../test/leak-guard';
import { codebookCrossEntropy, codebookDiversityLoss, orthogonalLoss } from './codebook-regularizers';

beforeAll(async () => {
  await tf.setBackend('cpu');
});

describe('regularizers of codebooks', () => {
  useLeakGuard();

  it('average the cross-entropy over the ids that count', () => {
    const scores = () => tf.tensor3d([0, Math.log(3), 5, 5, 0, 9], [1, 3, 2]);
    const loss = (ids: number[], weights?: number[]) =>
      valuesOf(() =>
        codebookCrossEntropy(scores(), tf.tensor2d([ids], [1, 3], 'int32'), weights && tf.tensor1d(weights)),
      );
    expectClose(loss([1, 0, -1]), [(Math.log(4 / 3) + Math.log(2)) / 2]);
    expectClose(loss([1, 0, 0], [1, 0, 0]), [Math.log(4 / 3)]);
    expectClose(loss([-1, -1, -1]), [0], 0);
  });

  it('reward a mean assignment that is spread, over the first axis only', () => {
    const sharp = (rows: number[][][]) => valuesOf(() => codebookDiversityLoss(tf.tensor3d(rows)))[0]!;
    const [first, second] = [
      [9, 0],
      [0, 9],
    ] as const;
    expectClose(sharp([[[...first]], [[...second]]]), -Math.log(2));
    expectClose(sharp([[[...first], [...second]]]), 0);
  });

  it('measure angles between codes', () => {
    const codes = () => tf.tensor3d([2, 0, 0, 5, 3, 3], [1, 3, 2]);
    const loss = (options: Parameters<typeof orthogonalLoss>[1]) =>
      valuesOf(() => orthogonalLoss(codes(), options))[0]!;
    // Two pairs at 45 degrees, each counted twice.
    expectClose(loss({}), (3 + 4 * 0.5) / 9 - 1 / 3);
    expectClose(loss({ form: 'deviations' }), (4 * 0.5) / 9);
    expectClose(
      tf.tidy(() => loss({ active: tf.tensor1d([1, 1, 0]) })),
      0,
    );
    expectClose(
      tf.tidy(() => loss({ active: tf.tensor1d([0, 1, 1]) })),
      (2 + 2 * 0.5) / 4 - 1 / 2,
    );
  });

  it('take the first codes of an order, numbered among the active ones', () => {
    tf.tidy(() => {
      const codes = tf.tensor3d(wave(24), [1, 8, 3]);
      const active = tf.tensor1d([1, 0, 1, 1, 0, 1, 0, 1]);
      // Active codes 0, 2, 3, 5, 7 have the numbers 0 to 4: 4 and 1 are the codes 7 and 2. 6 names none.
      const order = tf.tensor1d([6, 4, 1, 0, 2, 3, 5, 7], 'int32');
      const some = orthogonalLoss(codes, { active, maxCodes: 2, order });
      expectClose(some.dataSync(), orthogonalLoss(tf.gather(codes, [2, 7], 1)).dataSync());
      const all = orthogonalLoss(codes, { active, maxCodes: 5, order });
      expectClose(all.dataSync(), orthogonalLoss(tf.gather(codes, [0, 2, 3, 5, 7], 1)).dataSync());
    });
  });

  it('have gradients for codes that count, and none for others', () => {
    const gradient = valuesOf(() =>
      tf.grad((codes: tf.Tensor) => orthogonalLoss(codes as tf.Tensor3D, { active: tf.tensor1d([1, 0, 1]) }))(
        tf.tensor3d([2, 0, 0, 5, 3, 3], [1, 3, 2]),
      ),
    );
    expect(gradient.slice(2, 4)).toEqual([0, 0]);
    expect(Math.abs(gradient[1]!)).toBeGreaterThan(0.01);
  });
});
