import '@tensorflow/tfjs';
import * as tf from '@tensorflow/tfjs-core';
import { beforeAll, describe, expect, it } from 'vitest';
import { ssim } from '../metrics/ssim';
import { mulberry32 } from '../random/mulberry32';
import { commitmentLoss, gradientLoss, meanAbsoluteLoss, meanSquaredLoss } from './losses';
import { multiScaleSsimLoss, ssimLoss } from './ssim-loss';

beforeAll(async () => {
  await tf.setBackend('cpu');
});

const value = (x: tf.Tensor) => x.dataSync()[0]!;
const picture = (seed: number, size: number) => tf.tensor4d(mulberry32(seed).uniform(size * size), [1, size, size, 1]);

describe('losses', () => {
  it('are zero for equal inputs and right for small ones', () => {
    const [a, b] = [tf.tensor4d([0, 1, 2, 4], [1, 2, 2, 1]), tf.zeros<tf.Rank.R4>([1, 2, 2, 1])];
    expect(value(meanSquaredLoss(a, b))).toBeCloseTo(21 / 4, 6);
    expect(value(meanAbsoluteLoss(a, b))).toBeCloseTo(7 / 4, 6);
    expect(value(gradientLoss(a, b))).toBeCloseTo(2.5 + 1.5, 6);
    expect(value(gradientLoss(a, a))).toBe(0);
  });

  it('agree with the metric of core', () => {
    const [a, b] = [picture(1, 24), picture(2, 24)];
    const signal = (x: tf.Tensor4D) =>
      ({ modality: 'image', width: 24, height: 24, channels: 1, data: x.dataSync() as Float32Array }) as const;
    const metric = ssim(signal(a), signal(b), { convention: 'wang' }).value;
    expect(1 - value(ssimLoss(a, b))).toBeCloseTo(metric, 4);
    expect(value(ssimLoss(a, a))).toBeCloseTo(0, 6);
    expect(value(multiScaleSsimLoss(picture(3, 48), picture(3, 48)))).toBeCloseTo(0, 5);
  });

  it('have the slope that finite differences see', () => {
    const target = picture(5, 44);
    const output = picture(6, 44);
    for (const loss of [ssimLoss, multiScaleSsimLoss, gradientLoss]) {
      const slope = tf.grad((x: tf.Tensor) => loss(x as tf.Tensor4D, target))(output);
      const direction = tf.div(slope, tf.norm(slope));
      const along = (step: number) => value(loss(tf.add(output, tf.mul(direction, step)) as tf.Tensor4D, target));
      const expected = value(tf.norm(slope));
      expect((along(5e-2) - along(-5e-2)) / 1e-1 / expected).toBeCloseTo(1, 1);
    }
  });

  it('divide the commitment between encoder and codes', () => {
    const [z, codes] = [tf.tensor1d([1, 2]), tf.tensor1d([0, 0])];
    const [dz, dCodes] = tf.grads((a: tf.Tensor, b: tf.Tensor) => commitmentLoss(a, b))([z, codes]) as [
      tf.Tensor,
      tf.Tensor,
    ];
    expect([...dz.dataSync()]).toEqual([0.25, 0.5]);
    expect([...dCodes.dataSync()]).toEqual([-1, -2]);
  });
});
