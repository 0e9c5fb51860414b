import '@tensorflow/tfjs';
import * as tf from '@tensorflow/tfjs-core';
import { beforeAll, describe, expect, it } from 'vitest';
import { numericGradient } from '../../../test/numeric-gradient';
import { valuesOf, wave } from '../../../test/on-backends';
import { InputError } from '../../errors';
import { dualQuantizer } from '../../quantize/dual';
import { dualMultiScaleQuantizer } from '../../quantize/dual-multi-scale';
import { gumbelQuantizer, sampleGumbelIds } from '../../quantize/gumbel';
import { ibq } from '../../quantize/ibq';
import { memcodes } from '../../quantize/memcodes';
import { residualSimVq } from '../../quantize/residual-sim-vq';
import { simVq } from '../../quantize/sim-vq';
import { expectClose } from '../../test/expect-close';
import { useLeakGuard } from '../../test/leak-guard';
import { trainDual } from './dual';
import { trainDualMultiScale } from './dual-multi-scale';
import { gumbelTemperature, trainGumbel } from './gumbel';
import { trainIbq } from './ibq';
import { trainMemcodes } from './memcodes';
import { trainResidualSimVq } from './residual-sim-vq';
import { trainSimVq } from './sim-vq';

beforeAll(async () => {
  await tf.setBackend('cpu');
});

describe('training of SimVQ', () => {
  useLeakGuard();
  const layer = (phase: number) => ({
    frozen: tf.tensor2d(wave(15, 1 + phase), [5, 3]),
    transform: { kernel: tf.tensor2d(wave(9, 2 + phase), [3, 3]) },
  });

  it('moves the transform and never the table', () => {
    const config = simVq.parseConfig({ dim: 3, codebook_size: 5 });
    const gradients = tf.tidy(() =>
      tf
        .grads((frozen, kernel) => {
          const params = { frozen: frozen as tf.Tensor2D, transform: { kernel: kernel as tf.Tensor2D } };
          return trainSimVq(tf.tensor2d(wave(12), [4, 3]), params, config).loss;
        })([layer(0).frozen, layer(0).transform.kernel])
        .map((gradient) => Math.hypot(...gradient.dataSync())),
    ) as unknown as number[];
    expect(gradients[0]).toBe(0);
    expect(gradients[1]).toBeGreaterThan(0.01);
  });

  it('draws ids of codes that a random remap does not know', () => {
    const config = simVq.parseConfig({ n_e: 5, e_dim: 3, remap_used: [2] });
    const ids = valuesOf(
      () => trainSimVq(tf.tensor2d(wave(12), [4, 3]), layer(0), config, { unknownIds: tf.fill([4], 9, 'int32') }).ids,
    );
    expect(ids.every((id) => id === 0 || id === 9)).toBe(true);
    expect(ids).toContain(9);
  });

  it('drops layers: id -1, loss 0', () => {
    const config = residualSimVq.parseConfig({ dim: 3, codebook_size: 5, num_quantizers: 3, quantize_dropout: true });
    const params = () => ({ layers: [layer(0), layer(4), layer(8)] });
    const run = (keptLayers: number, part: 'ids' | 'loss' | 'quantized') =>
      valuesOf(() => trainResidualSimVq(tf.tensor2d(wave(6), [2, 3]), params(), config, { keptLayers })[part]);
    expect(run(1, 'ids').filter((id) => id === -1)).toHaveLength(4);
    expect(run(1, 'loss').slice(1)).toEqual([0, 0]);
    expect(run(3, 'ids')).not.toContain(-1);
    expect(run(3, 'loss')[0]).toBe(run(1, 'loss')[0]);
    const first = valuesOf(() => residualSimVq.decode(tf.tensor2d(run(1, 'ids'), [2, 3], 'int32'), params(), config));
    expectClose(run(1, 'quantized'), first, 1e-5);
  });
});

describe('training of index backpropagation and Gumbel quantizers', () => {
  useLeakGuard();
  const codebook = () => tf.tensor2d(wave(10, 1), [5, 2]);
  const x = () => tf.tensor2d(wave(8), [4, 2]);

  it('gives every code a gradient', () => {
    const config = ibq.parseConfig({ n_e: 5, e_dim: 2 });
    const gradient = valuesOf(() =>
      tf.grad((table: tf.Tensor) => {
        const { quantized } = trainIbq(x(), { codebook: table as tf.Tensor2D }, config);
        return tf.sum(tf.mul(quantized, tf.tensor2d(wave(8, 3), [4, 2])));
      })(codebook()),
    );
    const rows = Array.from({ length: 5 }, (_, code) => Math.hypot(...gradient.slice(2 * code, 2 * code + 2)));
    for (const length of rows) expect(length).toBeGreaterThan(1e-3);
  });

  it('trains used codes only', () => {
    const config = ibq.parseConfig({ n_e: 5, e_dim: 2, remap_used: [3, 1], use_entropy_loss: true });
    const gradient = valuesOf(() =>
      tf.grad((table: tf.Tensor) => trainIbq(x(), { codebook: table as tf.Tensor2D }, config).loss)(codebook()),
    );
    expect(gradient.map((value) => value !== 0)).toEqual([0, 0, 1, 1, 0, 0, 1, 1, 0, 0].map(Boolean));
    const ids = valuesOf(() => trainIbq(x(), { codebook: codebook() }, config).ids);
    expect(ids).toEqual(valuesOf(() => ibq.encode(x(), { codebook: codebook() }, config).ids!));
  });

  const options = { num_hiddens: 2, embedding_dim: 2, n_embed: 5 };
  const params = () => ({ project: { kernel: tf.tensor2d(wave(10, 4), [2, 5]) }, codebook: codebook() });
  const noise = () => tf.tensor2d(wave(20, 5), [4, 5]);

  it('mixes codes where it is not straight-through', () => {
    const config = gumbelQuantizer.parseConfig({ ...options, straight_through: false, temp_init: 0.5 });
    const mixed = valuesOf(() => trainGumbel(x(), params(), config, { noise: noise() }).quantized);
    const expected = valuesOf(() => {
      const logits = tf.add(tf.matMul(x(), params().project.kernel), noise());
      return tf.matMul(tf.softmax(tf.div(logits, 0.5)), codebook());
    });
    expectClose(mixed, expected);
    const numeric = numericGradient(
      (z) =>
        tf.sum(tf.mul(trainGumbel(z, params(), config, { noise: noise() }).quantized, tf.tensor2d(wave(8, 6), [4, 2]))),
      wave(8),
      [4, 2],
    );
    const gradient = valuesOf(() =>
      tf.grad((z: tf.Tensor) =>
        tf.sum(tf.mul(trainGumbel(z, params(), config, { noise: noise() }).quantized, tf.tensor2d(wave(8, 6), [4, 2]))),
      )(x()),
    );
    expectClose(gradient, numeric, 2e-3);
  });

  it('chooses as the sampling of the evaluation does, among used codes as well', () => {
    for (const remap_used of [null, [4, 0, 2]]) {
      const config = gumbelQuantizer.parseConfig({ ...options, remap_used });
      const own = () => (config.remap ? tf.slice(noise(), [0, 0], [4, 3]) : noise());
      const trained = valuesOf(() => trainGumbel(x(), params(), config, { noise: own() }).ids);
      expect(trained).toEqual(valuesOf(() => sampleGumbelIds(x(), params(), config, own())));
      const quantized = valuesOf(() => trainGumbel(x(), params(), config, { noise: own() }).quantized);
      expectClose(
        quantized,
        valuesOf(() => gumbelQuantizer.decode(tf.tensor1d(trained, 'int32'), params(), config)),
        1e-6,
      );
    }
  });

  it('has no loss where all codes are equally likely', () => {
    const config = gumbelQuantizer.parseConfig(options);
    const even = { project: { kernel: tf.zeros([2, 5]) as tf.Tensor2D }, codebook: codebook() };
    const loss = valuesOf(() => trainGumbel(x(), even, config, { noise: noise() }).loss);
    expectClose(loss, [0], 1e-9);
    tf.dispose([even.project.kernel, even.codebook]);
  });

  it('cools in a straight line', () => {
    expect([0, 25_000, 50_000, 90_000].map((step) => gumbelTemperature(step))).toEqual([2, 1.05, 0.1, 0.1]);
    expect(gumbelTemperature(1, { start: 1, end: 0, steps: 4 })).toBe(0.75);
  });
});

describe('training of memcodes', () => {
  useLeakGuard();

  it('draws keys with noise, and moves codes, keys and values', () => {
    const config = memcodes.parseConfig({ dim: 4, codebook_size: 5, heads: 2, temperature: 0.7 });
    const shapes = [
      [2, 5, 2],
      [2, 2, 2],
      [2, 2, 2],
    ] as const;
    const make = () =>
      shapes.map((shape, index) => tf.tensor3d(wave(shape[0] * shape[1] * shape[2], index + 1), [...shape]));
    const z = () => tf.tensor2d(wave(12), [3, 4]);
    const run = (noise: tf.Tensor, [codes, toKeys, toValues] = make()) =>
      trainMemcodes(z(), { codes: codes!, toKeys: toKeys!, toValues: toValues! }, config, { noise });
    const still = valuesOf(() => run(tf.zeros([3, 2, 5])).ids);
    const [codes, toKeys, toValues] = make();
    const params = { codes: codes!, toKeys: toKeys!, toValues: toValues! };
    expect(still).toEqual(valuesOf(() => memcodes.encode(z(), params, config).ids!));
    expectClose(
      valuesOf(() => run(tf.zeros([3, 2, 5])).quantized),
      valuesOf(() => memcodes.encode(z(), params, config).codes),
    );
    tf.dispose(params);
    const loud = new Float32Array(30);
    loud[4] = 50;
    expect(valuesOf(() => run(tf.tensor3d(loud, [3, 2, 5])).ids)[0]).toBe(4);
    const moved = tf.tidy(() =>
      tf
        .grads((...tables: tf.Tensor[]) => {
          const { quantized } = run(tf.zeros([3, 2, 5]), tables as tf.Tensor3D[]);
          return tf.sum(tf.mul(quantized, tf.tensor2d(wave(12, 9), [3, 4])));
        })(make())
        .map((gradient) => Math.hypot(...gradient.dataSync())),
    ) as unknown as number[];
    for (const length of moved) expect(length).toBeGreaterThan(1e-3);
  });
});

describe('training of dual codebooks', () => {
  useLeakGuard();
  const options = { n_e: 7, split: [3, 2], entropy_loss_ratio: 0.2, pixel_weight: 0.5 };
  const params = () => ({ semantic: tf.tensor2d(wave(21, 1), [7, 3]), pixel: tf.tensor2d(wave(14, 2), [7, 2]) });
  const gradients = (kmeans: boolean) =>
    tf.tidy(() =>
      tf
        .grads((semantic, pixel) => {
          const own = { semantic: semantic as tf.Tensor2D, pixel: pixel as tf.Tensor2D };
          return trainDual(
            tf.tensor2d(wave(30), [6, 5]),
            own,
            dualQuantizer.parseConfig({ ...options, kmeans, entropy_loss_ratio: kmeans ? 0.2 : 0 }),
          ).loss;
        })(Object.values(params()))
        .map((gradient) => Math.hypot(...gradient.dataSync())),
    ) as unknown as number[];

  it('moves both tables, or the pixel table alone where the other follows averages', () => {
    expect(gradients(false).every((length) => length > 1e-4)).toBe(true);
    expect(gradients(true)[0]).toBe(0);
    expect(gradients(true)[1]).toBeGreaterThan(1e-4);
  });

  it('adds entropy and weighs the commitment', () => {
    const parts = tf.tidy(() => {
      const config = dualQuantizer.parseConfig({ ...options, beta: 0.5 });
      const { loss, codebookLoss, commitmentLoss, entropyLoss } = trainDual(
        tf.tensor2d(wave(30), [6, 5]),
        params(),
        config,
      );
      return [loss, codebookLoss, commitmentLoss, entropyLoss].map((value) => value.dataSync()[0]!);
    }) as unknown as number[];
    expectClose(parts[0]!, parts[1]! + parts[2]! + parts[3]!);
    expectClose(parts[2]!, 0.5 * parts[1]!);
    expect(parts[3]).not.toBe(0);
  });

  it('leaves a scale out, never the first', () => {
    const config = dualMultiScaleQuantizer.parseConfig({ ...options, scales: [1, 2, 3] });
    const run = (droppedScale?: number) =>
      valuesOf(
        () =>
          trainDualMultiScale(
            tf.tensor4d(wave(45), [1, 3, 3, 5]),
            params(),
            config,
            droppedScale === undefined ? {} : { droppedScale },
          ).ids,
      );
    expect([undefined, 1, 2].map((scale) => run(scale).length)).toEqual([14, 10, 5]);
    expect(run(2)).toEqual(run().slice(0, 5));
    expect(() => run(0)).toThrow(InputError);
    expect(() => run(3)).toThrow(InputError);
  });
});
