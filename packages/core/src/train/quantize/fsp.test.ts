import '@tensorflow/tfjs';
import * as tf from '@tensorflow/tfjs-core';
import { beforeAll, describe, expect, it } from 'vitest';
import { wave } from '../../../test/on-backends';
import { fspMomentPresets, fspQuantizer } from '../../quantize/fsp';
import { expectClose } from '../../test/expect-close';
import { useLeakGuard } from '../../test/leak-guard';
import { trainFsp } from './fsp';
import { momentLoss, momentsOf } from './moment-loss';

beforeAll(async () => {
  await tf.setBackend('cpu');
});

describe('training form of FSP', () => {
  useLeakGuard();

  it('moves the chosen components by at most half a bin, and never out of 0..1', () => {
    const config = fspQuantizer.parseConfig({ levels: [4, 4], act_name: 'sigmoid', quantize_rate: 0.5 });
    tf.tidy(() => {
      const x = tf.tensor2d([
        [0.2, -9],
        [0.2, 0.4],
      ]);
      const draws = {
        perturbation: tf.tensor2d([
          [1, 0],
          [0.5, 0],
        ]),
        choice: tf.tensor2d([
          [0.9, 0.9],
          [0.1, 0.9],
        ]),
      };
      const { quantized, ids, accepted } = trainFsp(x, {}, config, draws);
      const sigmoid = (value: number) => 1 / (1 + Math.exp(-value));
      const activated = [sigmoid(0.2) + 0.125, sigmoid(-9), 0.625, sigmoid(0.4) - 0.125];
      expectClose(
        quantized.dataSync(),
        activated.map((value) => (value - 0.5) / Math.sqrt(1 / 12)),
        1e-5,
      );
      expect(accepted!.dataSync()[0]).toBeCloseTo(0.75, 6);
      expect(Array.from(ids.dataSync())).toEqual(Array.from(fspQuantizer.encode(x, {}, config).ids!.dataSync()));
    });
  });

  it('passes gradients of the activation, or of the identity where it is inverted', () => {
    tf.tidy(() => {
      const x = tf.tensor2d([[0.3], [-0.6]]);
      const slope = (need_inv_act: boolean) => {
        const config = fspQuantizer.parseConfig({ levels: [5], act_name: 'cauchy', need_inv_act });
        return tf
          .grad((z: tf.Tensor) => tf.sum(trainFsp(z, {}, config).quantized))(x)
          .dataSync();
      };
      expectClose(slope(true), [1, 1]);
      const scale = Math.sqrt(12) / Math.PI;
      expectClose(slope(false), [scale / (1 + 0.09), scale / (1 + 0.36)]);
    });
  });

  it('measures moments, and differentiates their loss', () => {
    tf.tidy(() => {
      const rows = tf.tensor2d(wave(30), [10, 3]);
      const loss = (z: tf.Tensor) => momentLoss(momentsOf(z as tf.Tensor2D), fspMomentPresets.kurt);
      const gradient = tf.grad(loss)(rows).dataSync();
      const values = rows.dataSync();
      for (const index of [0, 7, 29]) {
        const at = (step: number) => {
          const moved = Float32Array.from(values);
          moved[index] = moved[index]! + step;
          return loss(tf.tensor2d(moved, [10, 3])).dataSync()[0]!;
        };
        expect(gradient[index]).toBeCloseTo((at(0.01) - at(-0.01)) / 0.02, 3);
      }
      const { mean, variance, skewness, kurtosis } = momentsOf(tf.tensor2d([1, 2, 3, 4], [4, 1]));
      expectClose(
        [mean, variance, skewness, kurtosis].map((moment) => moment.dataSync()[0]!),
        [2.5, 5 / 3, 0, (2 * 2.25 ** 2 + 2 * 0.25 ** 2) / 4 / (5 / 3) ** 2 - 3],
      );
    });
  });
});
