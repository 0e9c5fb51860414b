import '@tensorflow/tfjs';
import * as tf from '@tensorflow/tfjs-core';
import { beforeAll, describe, expect, it } from 'vitest';
import { wave } from '../../../test/on-backends';
import { InputError } from '../../errors';
import { expectClose } from '../../test/expect-close';
import { useLeakGuard } from '../../test/leak-guard';
import { estimateGradient, type GradientEstimator } from './gradient-estimator';

beforeAll(async () => {
  await tf.setBackend('cpu');
});

const identity: GradientEstimator = {
  routeGradientsToInput: true,
  rotationTrick: false,
  directionalReparam: false,
  directionalReparamVariance: 5e-3,
  syncUpdateV: 0,
};
const rows = () => tf.tensor2d(wave(6), [2, 3]);
const codes = () => tf.tensor2d(wave(6, 4), [2, 3]);

/** Gradients of a weighted sum of the estimated codes, for the vectors and for the codes. */
function gradientsOf(estimator: GradientEstimator, noise?: tf.Tensor): readonly [number[], number[]] {
  const weights = tf.tensor2d(wave(6, 7), [2, 3]);
  const [ofRows, ofCodes] = tf.grads((x, e) =>
    // The zero keeps both inputs in the graph where an estimator leaves one out.
    tf.sum(tf.add(tf.mul(estimateGradient(x!, e!, estimator, noise), weights), tf.mul(tf.add(x!, e!), 0))),
  )([rows(), codes()]);
  return [[...ofRows!.dataSync()], [...ofCodes!.dataSync()]];
}

describe('estimators of the gradient through a choice of codes', () => {
  useLeakGuard();

  it('give the codes', () => {
    tf.tidy(() => {
      for (const estimator of [identity, { ...identity, rotationTrick: true }, { ...identity, syncUpdateV: 0.5 }]) {
        expectClose(estimateGradient(rows(), codes(), estimator).dataSync(), codes().dataSync());
      }
      const directional = { ...identity, directionalReparam: true };
      expectClose(estimateGradient(rows(), codes(), directional, tf.zeros([2, 3])).dataSync(), codes().dataSync());
    });
  });

  it('pass gradients on to the vectors only', () => {
    tf.tidy(() => {
      const weights = [...wave(6, 7)];
      expect(gradientsOf(identity)).toEqual([weights, [0, 0, 0, 0, 0, 0]]);
      const [more] = gradientsOf({ ...identity, syncUpdateV: 0.5 });
      expectClose(
        more,
        weights.map((weight) => 1.5 * weight),
      );
    });
  });

  it('leave the codes their gradient where none goes to the vectors', () => {
    tf.tidy(() => {
      const [ofRows, ofCodes] = gradientsOf({ ...identity, routeGradientsToInput: false });
      expect(ofRows).toEqual([0, 0, 0, 0, 0, 0]);
      expect(ofCodes).toEqual([...wave(6, 7)]);
    });
  });

  it('move vectors and codes alike by the length of the error', () => {
    tf.tidy(() => {
      const directional = { ...identity, directionalReparam: true };
      const [ofRows, ofCodes] = gradientsOf(directional, tf.zeros([2, 3]));
      // x + d |e - x|, with d held: the gradient of the code is (w·d) d, that of the vector what is left of w.
      const weights = wave(6, 7);
      ofCodes.forEach((value, at) => expect(value + ofRows[at]!).toBeCloseTo(weights[at]!, 5));
      expect(() => estimateGradient(rows(), codes(), directional)).toThrow(InputError);
    });
  });

  it('have finite gradients where a code equals its vector', () => {
    tf.tidy(() => {
      const gradient = tf.grad((x: tf.Tensor) =>
        tf.sum(estimateGradient(x, rows(), { ...identity, directionalReparam: true }, tf.ones([2, 3]))),
      )(rows());
      expect([...gradient.dataSync()].every((value) => Number.isFinite(value))).toBe(true);
    });
  });
});
