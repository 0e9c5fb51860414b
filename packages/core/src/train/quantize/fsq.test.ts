import '@tensorflow/tfjs';
import * as tf from '@tensorflow/tfjs-core';
import { beforeAll, describe, expect, it } from 'vitest';
import { wave } from '../../../test/on-backends';
import { fsqQuantizer } from '../../quantize/fsq-quantizer';
import { layersKept } from '../../quantize/layer-dropout';
import { residualFsqQuantizer } from '../../quantize/residual-fsq';
import { expectClose } from '../../test/expect-close';
import { useLeakGuard } from '../../test/leak-guard';
import { trainFsq, trainResidualFsq } from './fsq';

beforeAll(async () => {
  await tf.setBackend('cpu');
});

describe('training forms of FSQ', () => {
  useLeakGuard();

  it('adds noise to the chosen components only, and takes ids without it', () => {
    const config = fsqQuantizer.parseConfig({ levels: [4, 4], preserve_symmetry: true, noise_dropout: 0.5 });
    tf.tidy(() => {
      const x = tf.tensor2d(wave(8), [4, 2]);
      const choice = tf.tensor3d([0, 1, 1, 0, 0.4, 0.6, 1, 1], [4, 1, 2]);
      const offset = tf.tensor3d([0.6, 0.6, 0.6, 0.4, 0.9, 0.9, 0.2, 0.2], [4, 1, 2]);
      const plain = fsqQuantizer.encode(x, {}, config);
      const noisy = trainFsq(x, {}, config, { noise: { choice, offset } });
      expect(Array.from(noisy.ids!.dataSync())).toEqual(Array.from(plain.ids!.dataSync()));
      const added = [0.1, 0, 0, -0.1, 0.4, 0, 0, 0];
      const codes = plain.codes.dataSync();
      expectClose(
        noisy.quantized.dataSync(),
        added.map((value, index) => Math.max(-1, Math.min(1, codes[index]! + value))),
      );
    });
  });

  it('has the gradient of the unrounded form', () => {
    const config = fsqQuantizer.parseConfig({ levels: [5, 8] });
    tf.tidy(() => {
      const x = tf.tensor2d([[0.3, -0.4]]);
      const gradient = tf
        .grad((z: tf.Tensor) => tf.sum(trainFsq(z, {}, config).quantized))(x)
        .dataSync();
      const half = 3.5 * 1.001;
      expectClose(gradient, [
        ((1 - Math.tanh(0.3) ** 2) * 2.002) / 2,
        ((1 - Math.tanh(-0.4 + Math.atanh(0.5 / half)) ** 2) * half) / 4,
      ]);
    });
  });

  it('leaves out the last layers of a residual quantizer', () => {
    const config = residualFsqQuantizer.parseConfig({
      levels: [5, 3],
      num_quantizers: 4,
      quantize_dropout: true,
      quantize_dropout_multiple_of: 2,
    });
    tf.tidy(() => {
      const x = tf.tensor3d(wave(12), [2, 3, 2]);
      const { ids, quantized } = trainResidualFsq(x, {}, config, { lastLayer: 0 });
      expect(ids.shape).toEqual([2, 3, 4]);
      const rows = ids.dataSync();
      rows.forEach((id, index) => expect(id === -1).toBe(index % 4 > 1));
      expectClose(residualFsqQuantizer.decode(ids, {}, config).dataSync(), quantized.dataSync());
    });
    expect([0, 1, 2, 3].map((index) => layersKept(index, config, 4))).toEqual([2, 2, 4, 4]);
  });
});
