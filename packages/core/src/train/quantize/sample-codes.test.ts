import '@tensorflow/tfjs';
import * as tf from '@tensorflow/tfjs-core';
import { beforeAll, describe, expect, it } from 'vitest';
import { valuesOf } from '../../../test/on-backends';
import { expectClose } from '../../test/expect-close';
import { useLeakGuard } from '../../test/leak-guard';
import { gumbelNoise, sampleCodes, softAssignments } from './sample-codes';

beforeAll(async () => {
  await tf.setBackend('cpu');
});

describe('choices of codes', () => {
  useLeakGuard();
  const scores = () => tf.tensor2d([[1, 3, 3, 2]]);

  it('take the best, or the best few, the first of equal ones', () => {
    expect(valuesOf(() => sampleCodes(scores()))).toEqual([1]);
    expect(valuesOf(() => sampleCodes(scores(), { topK: 3 }))).toEqual([1, 2, 3]);
  });

  it('add noise to the scores over the temperature, and none at 0', () => {
    const gumbel = () => tf.tensor2d([[1.5, 0, 0, 0]]);
    const idAt = (temperature: number) => valuesOf(() => sampleCodes(scores(), { temperature, gumbel: gumbel() }));
    expect(idAt(1)).toEqual([1]);
    expect(idAt(2)).toEqual([0]);
    expect(idAt(0)).toEqual([1]);
  });

  it('make noise of uniform numbers', () => {
    const noise = valuesOf(() => gumbelNoise(tf.tensor1d([0, Math.exp(-1), 1])));
    expectClose(noise, [-Math.log(-Math.log(1e-20)), 0, -Math.log(1e-20)], 1e-4);
  });

  it('are one-hot with the gradient of a softmax', () => {
    tf.tidy(() => {
      const ids = sampleCodes(scores());
      expect([...softAssignments(ids, scores(), 0.5).dataSync()]).toEqual([0, 1, 0, 0]);
      const weights = tf.tensor2d([[1, -2, 3, 0.5]]);
      const gradientOf = (f: (x: tf.Tensor) => tf.Tensor) =>
        tf
          .grad((x: tf.Tensor) => tf.sum(tf.mul(weights, f(x))))(scores())
          .dataSync();
      expectClose(
        gradientOf((x) => softAssignments(ids, x, 0.5)),
        gradientOf((x) => tf.softmax(tf.div(x, 0.5))),
      );
    });
  });
});
