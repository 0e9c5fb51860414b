import '@tensorflow/tfjs';
import * as tf from '@tensorflow/tfjs-core';
import { describe, expect, it } from 'vitest';
import { onBackends, valuesOf, wave } from '../../test/on-backends';
import { ShapeError } from '../errors';
import { mulberry32 } from '../random/mulberry32';
import { expectClose } from '../test/expect-close';
import {
  gaussianDivergence,
  gaussianNegativeLogLikelihood,
  gaussianPosterior,
  posteriorMode,
  samplePosterior,
} from './gaussian';

describe('diagonal Gaussian', () => {
  onBackends(() => {
    it('clamps the log-variance to -30..20', () => {
      const logs = valuesOf(() => gaussianPosterior(tf.tensor2d([[0, 0, 0, -100, 3, 100]])).logVariance);
      expect(logs).toEqual([-30, 3, 20]);
      expect(() => valuesOf(() => gaussianPosterior(tf.zeros([1, 3])).mean)).toThrow(ShapeError);
    });

    it('has no divergence from itself, and the known one from the standard normal distribution', () => {
      const posterior = () => gaussianPosterior(tf.tensor3d(wave(24), [2, 3, 4]));
      expectClose(
        valuesOf(() => gaussianDivergence(posterior(), posterior())),
        [0, 0],
        1e-5,
      );
      const standard = () => gaussianPosterior(tf.zeros([2, 3, 4]));
      expectClose(
        valuesOf(() => gaussianDivergence(posterior())),
        valuesOf(() => gaussianDivergence(posterior(), standard())),
        1e-5,
      );
      expectClose(
        valuesOf(() => gaussianDivergence(gaussianPosterior(tf.tensor2d([[2, Math.log(4)]])))),
        [0.5 * (4 + 4 - 1 - Math.log(4))],
        1e-5,
      );
    });

    it('has the likelihood of the normal density', () => {
      const likelihood = () =>
        gaussianNegativeLogLikelihood(gaussianPosterior(tf.tensor2d([[1, Math.log(4)]])), tf.tensor2d([[4]]));
      const density = Math.exp(-0.5 * (3 / 2) ** 2) / (2 * Math.sqrt(2 * Math.PI));
      expectClose(valuesOf(likelihood), [-Math.log(density)], 1e-5);
    });

    it('samples with the mean and variance of the posterior', () => {
      const count = 100_000;
      const noise = mulberry32(1).normal(count);
      const samples = valuesOf(() => {
        const posterior = gaussianPosterior(tf.tile(tf.tensor2d([[2, Math.log(9)]]), [count, 1]));
        return samplePosterior(posterior, tf.tensor2d(noise, [count, 1]));
      });
      const mean = samples.reduce((sum, value) => sum + value, 0) / count;
      const variance = samples.reduce((sum, value) => sum + (value - mean) ** 2, 0) / (count - 1);
      // Three standard errors.
      expect(Math.abs(mean - 2)).toBeLessThan((3 * 3) / Math.sqrt(count));
      expect(Math.abs(variance - 9)).toBeLessThan(3 * 9 * Math.sqrt(2 / count));
    });

    it('takes the mean as mode', () => {
      expect(valuesOf(() => posteriorMode(gaussianPosterior(tf.tensor2d([[1, 2, 3, 4]]))))).toEqual([1, 2]);
    });
  });
});
