import '@tensorflow/tfjs';
import * as tf from '@tensorflow/tfjs-core';
import { beforeAll, describe, expect, it } from 'vitest';
import { wave } from '../../../test/on-backends';
import { elmBinaryQuantizer, instellaBinaryQuantizer } from '../../quantize/binary';
import { binaryMapperQuantizer } from '../../quantize/binary-mapper';
import { expectClose } from '../../test/expect-close';
import { useLeakGuard } from '../../test/leak-guard';
import { trainBinaryLatent } from './binary';
import { binaryLogProbabilities, trainBinaryMapper } from './binary-mapper';

beforeAll(async () => {
  await tf.setBackend('cpu');
});

const sigmoid = (x: number) => 1 / (1 + Math.exp(-x));

describe('training form of binary latents', () => {
  useLeakGuard();
  const identity = () => ({
    projection: { kernel: tf.eye(3), bias: tf.zeros([3]) as tf.Tensor1D },
    embedding: tf.eye(3),
  });

  it('draws a bit where the uniform number is below its probability', () => {
    tf.tidy(() => {
      const x = tf.tensor2d([[1, 1, -1]]);
      const uniform = tf.tensor2d([[0.7, 0.8, 0.2]]);
      const instella = (train_temp: number) =>
        instellaBinaryQuantizer.parseConfig({ codebook_size: 3, emb_dim: 3, train_temp });
      const bits = (temperature: number) =>
        Array.from(trainBinaryLatent(x, identity(), instella(temperature), uniform).bits.dataSync());
      expect(bits(1)).toEqual([1, 0, 1]);
      expect(bits(10)).toEqual([0, 0, 1]);
      const signed = elmBinaryQuantizer.parseConfig({ codebook_size: 3, emb_dim: 3, num_hiddens: 3, use_tanh: true });
      const drawn = trainBinaryLatent(x, identity(), signed, uniform);
      // Probabilities are (tanh + 1) / 2 = 0.88 and 0.12.
      expect(Array.from(drawn.bits.dataSync())).toEqual([1, 1, 0]);
      expectClose(drawn.quantized.dataSync(), [1, 1, -1]);
    });
  });

  it('has the gradient of the activation, and a penalty of p (1 - p)', () => {
    tf.tidy(() => {
      const x = tf.tensor2d([[0.4, -0.3, 2]]);
      const config = instellaBinaryQuantizer.parseConfig({ codebook_size: 3, emb_dim: 3 });
      const slope = tf.grad((z: tf.Tensor) => tf.sum(trainBinaryLatent(z, identity(), config).quantized))(x);
      const penalties = [0.4, -0.3, 2].map((value) => sigmoid(value) * (1 - sigmoid(value)));
      expectClose(slope.dataSync(), penalties);
      const mean = penalties.reduce((sum, value) => sum + value, 0) / 3;
      expectClose(trainBinaryLatent(x, identity(), config).loss.dataSync(), [mean]);
      const elm = elmBinaryQuantizer.parseConfig({ codebook_size: 3, emb_dim: 3, num_hiddens: 3 });
      const twice = [0.4, -0.3, 2].map((value) => sigmoid(sigmoid(value)) * (1 - sigmoid(sigmoid(value))));
      expectClose(trainBinaryLatent(x, identity(), elm).loss.dataSync(), [
        twice.reduce((sum, value) => sum + value, 0) / 3,
      ]);
    });
  });
});

describe('training form of the binary mapper', () => {
  useLeakGuard();
  const config = binaryMapperQuantizer.parseConfig({ bits: 3, kl_loss_threshold: 0.1 });

  it('has one-hot vectors with the gradient of the probabilities of all codes', () => {
    tf.tidy(() => {
      const logits = tf.tensor2d(wave(6), [2, 3]);
      const weights = tf.tensor2d(wave(16, 2), [2, 8]);
      const uniform = tf.tensor2d([0.1, 0.9, 0.5, 0.2, 0.6, 0.3], [2, 3]);
      const { oneHot, ids } = trainBinaryMapper(logits, config, { uniform });
      const rows = Array.from(oneHot.dataSync());
      ids
        .dataSync()
        .forEach((id, row) =>
          expect(rows.indexOf(Math.max(...rows.slice(row * 8, row * 8 + 8)), row * 8)).toBe(row * 8 + id),
        );
      const gradient = tf.grad((x: tf.Tensor) =>
        tf.sum(tf.mul(trainBinaryMapper(x, config, { uniform }).oneHot, weights)),
      )(logits);
      const values = logits.dataSync();
      const soft = (moved: ArrayLike<number>) => {
        let sum = 0;
        for (let row = 0; row < 2; row += 1) {
          for (let code = 0; code < 8; code += 1) {
            let p = 1;
            for (let bit = 0; bit < 3; bit += 1) p *= sigmoid(((code >> bit) & 1 ? 1 : -1) * moved[row * 3 + bit]!);
            sum += p * wave(16, 2)[row * 8 + code]!;
          }
        }
        return sum;
      };
      values.forEach((value, index) => {
        const at = (step: number) => soft(values.map((other, place) => (place === index ? value + step : other)));
        expect(gradient.dataSync()[index]).toBeCloseTo((at(0.01) - at(-0.01)) / 0.02, 4);
      });
    });
  });

  it('lets a free part of the divergence pass', () => {
    tf.tidy(() => {
      const { divergences, loss } = trainBinaryMapper(
        tf.tensor2d([
          [0, 0, 0],
          [50, -50, 50],
        ]),
        config,
      );
      expectClose(divergences.dataSync(), [0, 3 * Math.LN2 - 0.1], 1e-5);
      expectClose(loss.dataSync(), [(3 * Math.LN2 - 0.1) / 2], 1e-5);
    });
  });

  it('tells the log-probability of every bit of a code', () => {
    tf.tidy(() => {
      const logs = binaryLogProbabilities(tf.tensor2d([[0.5, -1, 2]]), tf.tensor1d([5], 'int32'));
      expectClose(
        logs.dataSync(),
        [0.5, 1, 2].map((value) => Math.log(sigmoid(value))),
      );
    });
  });
});
