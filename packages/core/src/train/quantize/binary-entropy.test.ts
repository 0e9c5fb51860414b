import '@tensorflow/tfjs';
import * as tf from '@tensorflow/tfjs-core';
import { beforeAll, describe, expect, it } from 'vitest';
import { wave } from '../../../test/on-backends';
import { ConfigError } from '../../errors';
import { bsqQuantizer } from '../../quantize/bsq';
import { magvit2LfqQuantizer } from '../../quantize/factorized-lfq';
import { gqQuantizer } from '../../quantize/gq';
import { groupedQuantizer, type GroupedParams } from '../../quantize/grouped';
import { lfqQuantizer } from '../../quantize/lfq-quantizer';
import { residualLfqQuantizer, type ResidualLfqParams } from '../../quantize/residual-lfq';
import { expectClose } from '../../test/expect-close';
import { useLeakGuard } from '../../test/leak-guard';
import { bitEntropies, jointProbabilities, offsetEntropy } from './binary-entropy';
import { trainBsq } from './bsq';
import { trainFactorizedLfq } from './factorized-lfq';
import { trainGroups } from './grouped';
import { trainLfq } from './lfq';
import { trainResidualLfq } from './residual-lfq';

beforeAll(async () => {
  await tf.setBackend('cpu');
});

/** The entropy terms of Open-MAGVIT2, over all codes in doubles. */
function entropies(rows: readonly (readonly number[])[], temperature: number) {
  const bits = rows[0]!.length;
  const codes = Array.from({ length: 2 ** bits }, (_, id) => rows[0]!.map((_, bit) => ((id >> bit) & 1) * 2 - 1));
  const probabilities = rows.map((row) => {
    const logits = codes.map((code) => (2 * code.reduce((sum, sign, bit) => sum + sign * row[bit]!, 0)) / temperature);
    const largest = Math.max(...logits);
    const exponentials = logits.map((logit) => Math.exp(logit - largest));
    const total = exponentials.reduce((sum, value) => sum + value, 0);
    return exponentials.map((value) => value / total);
  });
  const entropy = (p: readonly number[], offset: number) =>
    -p.reduce((sum, value) => sum + (value > 0 ? value * Math.log(value + offset) : 0), 0);
  const mean = codes.map((_, id) => probabilities.reduce((sum, p) => sum + p[id]!, 0) / rows.length);
  return {
    sample: probabilities.reduce((sum, p) => sum + entropy(p, 0), 0) / rows.length,
    batch: entropy(mean, 1e-5),
  };
}

const lossAt = (
  loss: (x: tf.Tensor) => tf.Tensor,
  values: Float32Array,
  shape: number[],
  index: number,
  step: number,
) =>
  tf.tidy(() => {
    const moved = Float32Array.from(values);
    moved[index] = moved[index]! + step;
    return loss(tf.tensor(moved, shape)).dataSync()[0]!;
  });

function expectGradient(loss: (x: tf.Tensor) => tf.Tensor, values: Float32Array, shape: number[], step = 0.004): void {
  tf.tidy(() => {
    const gradient = tf
      .grad((x: tf.Tensor) => loss(x))(tf.tensor(values, shape))
      .dataSync();
    for (let index = 0; index < values.length; index += 5) {
      const slope = (lossAt(loss, values, shape, index, step) - lossAt(loss, values, shape, index, -step)) / (2 * step);
      expect(Math.abs(gradient[index]! - slope)).toBeLessThan(0.01 * Math.max(1, Math.abs(slope)));
    }
  });
}

describe('entropies of binary codes', () => {
  useLeakGuard();
  const rows = [
    [0.02, -0.5],
    [0.3, 0.001],
    [-0.4, -0.01],
  ];

  it.each([0.01, 1])('equal the sums over all codes at temperature %d', (temperature) => {
    const expected = entropies(rows, temperature);
    tf.tidy(() => {
      const { samples, mean } = bitEntropies(tf.tensor2d(rows), 4 / temperature, 'bits');
      expectClose(tf.mean(samples).dataSync(), [expected.sample], 1e-5);
      expectClose(offsetEntropy(mean, 1e-5).dataSync(), [expected.batch], 1e-5);
    });
  });

  it('give the same means bit by bit as over all codes at once', () => {
    tf.tidy(() => {
      const latents = tf.tensor2d(wave(35), [5, 7]);
      const { mean, samples } = bitEntropies(latents, 8, 'bits');
      const joint = jointProbabilities(latents, 1, 2, 'bits');
      const sorted = (x: tf.Tensor) => Array.from(x.dataSync()).sort((a, b) => a - b);
      expectClose(sorted(mean), sorted(tf.mean(joint, 0)), 1e-6);
      expectClose(samples.dataSync(), offsetEntropy(joint, 1e-30).dataSync(), 1e-5);
    });
  });

  it('do not write down 2^18 codes a vector', () => {
    tf.tidy(() => {
      const config = magvit2LfqQuantizer.parseConfig({ dim: 18, codebook_size: 2 ** 18 });
      const x = tf.tensor2d(wave(18 * 40), [40, 18]);
      const before = tf.memory().numBytes;
      const { batchEntropy, perSampleEntropy } = trainFactorizedLfq(x, config);
      // A single tensor of 40 · 2^18 floats would be 42 MB.
      expect(tf.memory().numBytes - before).toBeLessThan(12e6);
      expect(batchEntropy.dataSync()[0]).toBeGreaterThan(perSampleEntropy.dataSync()[0]!);
      expect(batchEntropy.dataSync()[0]).toBeLessThan(Math.log(41 * 2 ** 5));
    });
  });

  it('are refused where they would, naming the option', () => {
    tf.tidy(() => {
      const wide = lfqQuantizer.parseConfig({ dim: 13 });
      expect(() => trainLfq(tf.zeros([1, 13]), {}, wide)).toThrow(/codebook_size/u);
      const group = bsqQuantizer.parseConfig({ embed_dim: 13, group_size: 13 });
      expect(() => trainBsq(tf.zeros([1, 13]), group)).toThrow(/group_size/u);
      const huge = magvit2LfqQuantizer.parseConfig({ dim: 25 });
      expect(() => trainFactorizedLfq(tf.zeros([1, 25]), huge)).toThrow(ConfigError);
    });
  });
});

describe('training forms of binary quantizers', () => {
  useLeakGuard();

  it('LFQ: the factorized entropies are those of all codes, but for the clamp', () => {
    tf.tidy(() => {
      const args = { dim: 10, codebook_size: 32, num_codebooks: 2, commitment_loss_weight: 0.25 };
      const params = { projectIn: undefined, projectOut: undefined } as object;
      const x = tf.tensor3d(wave(60), [2, 3, 10]);
      const results = ['joint', 'factorized'].map((entropy_form) =>
        trainLfq(x, params, lfqQuantizer.parseConfig({ ...args, entropy_form }), { inverseTemperature: 1 }),
      );
      for (const name of ['loss', 'perSampleEntropy', 'batchEntropy', 'commitment'] as const) {
        const [joint, factorized] = results.map((result) => result[name].dataSync());
        expectClose(factorized!, joint!, 1e-5);
      }
    });
  });

  it('LFQ: a mask leaves positions out, a drawn share only counts for the entropies', () => {
    tf.tidy(() => {
      const config = lfqQuantizer.parseConfig({ dim: 4, commitment_loss_weight: 1 });
      const x = tf.tensor3d(wave(24), [2, 3, 4]);
      const mask = tf.tensor2d([1, 1, 0, 1, 0, 0], [2, 3]);
      const kept = tf.gather(tf.reshape(x, [6, 4]), tf.tensor1d([0, 1, 3], 'int32'));
      const masked = trainLfq(x, {}, config, { mask });
      const alone = trainLfq(kept, {}, config);
      expectClose(masked.loss.dataSync(), alone.loss.dataSync(), 1e-5);
      const sampled = trainLfq(x, {}, config, { sampled: mask });
      expectClose(sampled.perSampleEntropy.dataSync(), alone.perSampleEntropy.dataSync(), 1e-5);
      expectClose(sampled.commitment.dataSync(), trainLfq(x, {}, config).commitment.dataSync(), 1e-6);
    });
  });

  it('LFQ: softplus and activation', () => {
    tf.tidy(() => {
      const x = tf.tensor2d(wave(12), [3, 4]);
      const plain = lfqQuantizer.parseConfig({ dim: 4, entropy_loss_weight: 1 });
      const soft = lfqQuantizer.parseConfig({
        dim: 4,
        entropy_loss_weight: 1,
        experimental_softplus_entropy_loss: true,
        entropy_loss_offset: 2,
      });
      const [term] = trainLfq(x, {}, plain).loss.dataSync();
      expectClose(trainLfq(x, {}, soft).loss.dataSync(), [Math.log1p(Math.exp(term! + 2))], 1e-5);
      const half = (latents: tf.Tensor) => tf.mul(latents, 0.5);
      const slope = tf.grad((z: tf.Tensor) => tf.sum(trainLfq(z, {}, plain, { activation: half }).quantized))(x);
      expectClose(slope.dataSync(), new Float32Array(12).fill(0.5));
    });
  });

  it('have gradients that finite differences confirm', () => {
    const shape = [3, 6];
    const values = wave(18).map((value) => 0.3 * value + (value > 0 ? 0.05 : -0.05));
    const lucid = lfqQuantizer.parseConfig({ dim: 6, commitment_loss_weight: 0.25 });
    expectGradient((x) => trainLfq(x, {}, lucid, { inverseTemperature: 2 }).loss, values, shape);
    const spherical = bsqQuantizer.parseConfig({ embed_dim: 6, group_size: 3, l2_norm: true, beta: 0.3 });
    expectGradient((x) => trainBsq(x, spherical).loss, values, shape);
    const analytical = bsqQuantizer.parseConfig({
      embed_dim: 6,
      group_size: 6,
      l2_norm: true,
      persample_entropy_compute: 'analytical',
      inv_temperature: 3,
    });
    expectGradient((x) => trainBsq(x, analytical).loss, values, shape);
    expectGradient(
      (x) => {
        const { samples, mean } = bitEntropies(x as tf.Tensor2D, 3, 'bits');
        return tf.sub(tf.mean(samples), offsetEntropy(mean, 1e-5));
      },
      values,
      shape,
    );
  });

  it('BSQ: the gradient of codes is 1/√d of that of vectors', () => {
    tf.tidy(() => {
      const config = bsqQuantizer.parseConfig({ embed_dim: 9, l2_norm: true, normalize_input: false });
      const slope = tf.grad((x: tf.Tensor) => tf.sum(trainBsq(x, config).quantized))(tf.tensor2d(wave(9), [1, 9]));
      expectClose(slope.dataSync(), new Float32Array(9).fill(1 / 3));
    });
  });

  it('GQ: one distribution for all groups', () => {
    tf.tidy(() => {
      const config = gqQuantizer.parseConfig({ dim: 6, codebook_size: 8, num_codebooks: 2 });
      const x = tf.tensor2d([[1, 1, 1, -1, -1, -1]]);
      const { batchEntropy, perSampleEntropy, ids } = trainFactorizedLfq(x, config);
      expect(Array.from(ids!.dataSync())).toEqual([7, 0]);
      expect(perSampleEntropy.dataSync()[0]).toBeCloseTo(0, 5);
      expect(batchEntropy.dataSync()[0]).toBeCloseTo(Math.LN2, 4);
    });
  });

  it('residual LFQ: layers left out have ids of -1 and no loss', () => {
    tf.tidy(() => {
      const config = residualLfqQuantizer.parseConfig({
        dim: 4,
        codebook_size: 16,
        num_quantizers: 3,
        quantize_dropout: true,
      });
      const x = tf.tensor3d(wave(24), [2, 3, 4]);
      const { ids, loss, quantized } = trainResidualLfq(x, {}, config, { lastLayer: 1 });
      ids.dataSync().forEach((id, index) => expect(id === -1).toBe(index % 3 === 2));
      expect(loss.dataSync()[2]).toBe(0);
      expect(loss.dataSync()[0]).not.toBe(0);
      expectClose(residualLfqQuantizer.decode(ids, {}, config).dataSync(), quantized.dataSync());
    });
  });

  it('groups of channels are trained apart', () => {
    tf.tidy(() => {
      const grouped = groupedQuantizer('grouped-residual-lfq', residualLfqQuantizer);
      const config = grouped.parseConfig({ dim: 8, groups: 2, codebook_size: 16, num_quantizers: 2 });
      const x = tf.tensor3d(wave(48), [2, 3, 8]);
      const params: GroupedParams<ResidualLfqParams> = {};
      const { ids, quantized, loss } = trainGroups(x, params, config, (part, own, group) => ({
        ...trainResidualLfq(part, own, group),
      }));
      expect(ids!.shape).toEqual([2, 2, 3, 2]);
      expect(loss!.shape).toEqual([2, 2]);
      const encoded = grouped.encode(x, {}, config);
      expect(Array.from(ids!.dataSync())).toEqual(Array.from(encoded.ids!.dataSync()));
      expectClose(quantized.dataSync(), encoded.codes.dataSync());
    });
  });
});
