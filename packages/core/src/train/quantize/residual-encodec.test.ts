import '@tensorflow/tfjs';
import * as tf from '@tensorflow/tfjs-core';
import { beforeAll, describe, expect, it } from 'vitest';
import { wave } from '../../../test/on-backends';
import { residualEncodecQuantizer } from '../../quantize/residual-encodec';
import { expectClose } from '../../test/expect-close';
import { useLeakGuard } from '../../test/leak-guard';
import { trainResidualEncodec } from './residual-encodec';

beforeAll(async () => {
  await tf.setBackend('cpu');
});

const config = residualEncodecQuantizer.parseConfig({
  dim: 3,
  num_quantizers: 3,
  codebook_size: 5,
  kmeans_init: false,
  decay: 0.5,
});
const vectors = () => tf.tensor3d(wave(24, 3), [2, 4, 3]);
const states = () =>
  config.layers.map((_, layer) => {
    const codes = tf.tensor2d(wave(15, layer + 1), [5, 3]);
    return { codes, counts: tf.ones([5]), sums: codes };
  });
const none = { layers: [] };

describe('training of EnCodec', () => {
  useLeakGuard();

  it('quantizes as inference does, and moves every codebook', () => {
    tf.tidy(() => {
      const before = states();
      const params = { layers: before.map(({ codes }) => ({ codebook: codes })) };
      const { ids, codes } = residualEncodecQuantizer.encode(vectors(), params, config);
      const trained = trainResidualEncodec(vectors(), none, before, config);
      expect([...trained.ids.dataSync()]).toEqual([...ids!.dataSync()]);
      expectClose(trained.quantized.dataSync(), codes.dataSync(), 1e-6);
      expect(trained.loss.shape).toEqual([3]);
      for (const { counts } of trained.states) expect(tf.sum(counts).dataSync()[0]).toBeCloseTo(5 / 2 + 8 / 2, 5);
    });
  });

  it('leaves unused layers as they are', () => {
    tf.tidy(() => {
      const before = states();
      const trained = trainResidualEncodec(vectors(), none, before, { ...config, usedLayers: 2 });
      expect(trained.ids.shape).toEqual([2, 2, 4]);
      expect(trained.states[2]).toBe(before[2]);
    });
  });

  it('passes gradients of the output on once, of commitments through every layer or the first alone', () => {
    tf.tidy(() => {
      const before = states();
      for (const gradients of ['detached', 'published'] as const) {
        const train = (x: tf.Tensor) => trainResidualEncodec(x, none, before, config, [], { gradients });
        const ofOutput = tf.grad((x: tf.Tensor) => tf.sum(train(x).quantized))(vectors());
        expectClose(ofOutput.dataSync(), new Array<number>(24).fill(1), 1e-6);
        const last = (x: tf.Tensor) => tf.sum(tf.slice(train(x).loss, [2], [1]));
        const ofLast = tf.max(tf.abs(tf.grad(last)(vectors()))).dataSync()[0]!;
        expect(ofLast > 1e-4).toBe(gradients === 'detached');
      }
    });
  });
});
