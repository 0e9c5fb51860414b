import '@tensorflow/tfjs';
import * as tf from '@tensorflow/tfjs-core';
import { beforeAll, describe, expect, it } from 'vitest';
import { wave } from '../../../test/on-backends';
import { InputError } from '../../errors';
import { type ResidualFactorizedParams, residualFactorizedQuantizer } from '../../quantize/factorized-vector';
import { residualVectorQuantizer } from '../../quantize/residual-vector';
import type { ResidualVectorConfig } from '../../quantize/residual-vector-config';
import type { Json } from '../../signal/signal';
import { expectClose } from '../../test/expect-close';
import { useLeakGuard } from '../../test/leak-guard';
import type { CodebookPassState } from './codebook-pass';
import { trainResidualFactorized } from './factorized-vector';
import { drawKeptLayers } from './residual-dropout';
import { residualVectorCrossEntropy, trainGroupedResidualVector, trainResidualVector } from './residual-vector';

beforeAll(async () => {
  await tf.setBackend('cpu');
});

const parse = (changes: Readonly<Record<string, Json>> = {}) =>
  residualVectorQuantizer.parseConfig({
    dim: 3,
    num_quantizers: 2,
    codebook_size: 5,
    rotation_trick: false,
    ...changes,
  });

const vectors = () => tf.tensor3d(wave(24, 3), [2, 4, 3]);

function statesOf({ layers, codebookDim }: ResidualVectorConfig): readonly CodebookPassState[] {
  return layers.map(({ codebookSize }, layer) => {
    const codes = tf.tensor3d(wave(codebookSize * codebookDim, layer + 1), [1, codebookSize, codebookDim]);
    return { codes, counts: tf.ones([1, codebookSize]), sums: codes };
  });
}

function paramsOf(states: readonly CodebookPassState[]) {
  return { layers: states.map(({ codes }) => ({ codes: codes as tf.Tensor3D })) };
}

const numbers = (x: tf.Tensor) => [...x.dataSync()];

describe('the number of layers that a step keeps', () => {
  const dropout = { dropsLayers: true, dropoutCutoff: 0, dropoutMultiple: 1 };

  // Printed by random.Random(seed).randrange(cutoff, layers) of Python 3.
  it.each([
    [0, 1, 4, 2],
    [0, 0, 8, 6],
    [1, 1, 4, 1],
    [5, 1, 4, 3],
    [17, 0, 8, 6],
    [12345, 0, 5, 3],
    [4294967295, 0, 8, 3],
  ])('is drawn as Python does with seed %i', (seed, dropoutCutoff, layers, last) => {
    expect(drawKeptLayers(seed, { ...dropout, dropoutCutoff }, layers)).toBe(last + 1);
  });

  it('is a multiple, and needs a seed of 32 bits', () => {
    expect(drawKeptLayers(0, { ...dropout, dropoutMultiple: 4 }, 16) % 4).toBe(0);
    expect(() => drawKeptLayers(-1, dropout, 4)).toThrow(InputError);
    expect(() => drawKeptLayers(2 ** 32, dropout, 4)).toThrow(InputError);
  });
});

describe('training of residual vector quantization', () => {
  describe('on cpu', () => {
    useLeakGuard();

    it('quantizes as inference does', () => {
      const config = parse();
      tf.tidy(() => {
        const states = statesOf(config);
        const trained = trainResidualVector(vectors(), {}, states, config);
        const { ids, codes } = residualVectorQuantizer.encode(vectors(), paramsOf(states), config);
        expect(numbers(trained.ids)).toEqual(numbers(ids!));
        expectClose(trained.quantized.dataSync(), codes.dataSync(), 1e-6);
        expect(trained.loss.shape).toEqual([2]);
        expect(tf.sum(trained.states[1]!.counts).dataSync()[0]).toBeCloseTo(0.8 * 5 + 0.2 * 8, 5);
      });
    });

    it('marks dropped layers, which neither count nor learn', () => {
      const config = parse({ quantize_dropout: true });
      tf.tidy(() => {
        const states = statesOf(config);
        const trained = trainResidualVector(vectors(), {}, states, config, { keptLayers: 1 });
        const [first, second] = tf.unstack(trained.ids, -1);
        expect(numbers(first!).every((id) => id >= 0)).toBe(true);
        expect(numbers(second!)).toEqual(new Array<number>(8).fill(-1));
        expect(trained.loss.dataSync()[1]).toBe(0);
        const decoded = residualVectorQuantizer.decode(trained.ids, paramsOf(states), config);
        expectClose(trained.quantized.dataSync(), decoded.dataSync(), 1e-6);
        expectClose(trained.states[1]!.codes.dataSync(), states[1]!.codes.dataSync(), 0);
      });
    });

    it.each([0, 0.25, 1])('passes a share of %d of the gradient from layer to layer', (fraction) => {
      const config = parse({ quant_grad_frac: fraction });
      tf.tidy(() => {
        const states = statesOf(config);
        const gradient = tf.grad((x: tf.Tensor) => tf.sum(trainResidualVector(x, {}, states, config).quantized));
        // Straight-through: 1 of the first layer, and of the second what the residual keeps.
        expectClose(gradient(vectors()).dataSync(), new Array<number>(24).fill(2 - fraction), 1e-5);
      });
    });

    it('gathers the statistics of a shared codebook, and reads it out once', () => {
      const config = parse({ shared_codebook: true, threshold_ema_dead_code: 3, decay: 0.5 });
      tf.tidy(() => {
        const states = statesOf(config);
        const shared = [states[0]!, states[0]!];
        const { states: after } = trainResidualVector(vectors(), {}, shared, config);
        expect(after[1]).toBe(after[0]);
        expect(tf.sum(after[0]!.counts).dataSync()[0]).toBeCloseTo(5 / 4 + 8 / 4 + 8 / 2, 4);
        const sharedDeadCodeRows = tf.tensor1d([3, 0, 1, 2, 4, 5, 6, 7], 'int32');
        const { states: expired } = trainResidualVector(vectors(), {}, shared, config, { sharedDeadCodeRows });
        const dead = numbers(after[0]!.counts).findIndex((count) => count < 3);
        // Row 3 of the first item: what the second layer saw at its second place.
        const first = trainResidualVector(vectors(), {}, shared, { ...config, layers: [config.layers[0]!] });
        const residual = tf.sub(vectors(), first.quantized).dataSync().subarray(3, 6);
        expectClose(expired[0]!.codes.dataSync().subarray(dead * 3, dead * 3 + 3), residual, 1e-5);
        expect(expired[0]!.counts.dataSync()[dead]).toBe(3);
      });
    });

    it('moves a shared learnable codebook in place, by the gradients of all layers', () => {
      const config = parse({ shared_codebook: true, learnable_codebook: true, ema_update: false });
      tf.tidy(() => {
        const states = statesOf(config);
        const shared = [states[0]!, states[0]!];
        const steps: tf.Tensor[] = [];
        const inPlaceOptimizer = (codes: tf.Tensor, gradient: tf.Tensor) => {
          steps.push(gradient);
          return tf.sub(codes, gradient);
        };
        const { states: after } = trainResidualVector(vectors(), {}, shared, config, {}, { inPlaceOptimizer });
        expect(steps).toHaveLength(1);
        const moved = tf.sub(shared[0]!.codes, steps[0]!).dataSync();
        expectClose(after[0]!.codes.dataSync(), moved, 1e-6);
      });
    });

    it('gives a shared learnable codebook gradients from every layer', () => {
      const config = parse({ shared_codebook: true, learnable_codebook: true, ema_update: false });
      tf.tidy(() => {
        const [state] = statesOf(config);
        const lossOf = (codes: tf.Tensor, layer: number) => {
          const shared = { ...state!, codes };
          return tf.sum(tf.slice(trainResidualVector(vectors(), {}, [shared, shared], config).loss, [layer], [1]));
        };
        for (const layer of [0, 1]) {
          const gradient = tf.grad((codes: tf.Tensor) => lossOf(codes, layer))(state!.codes);
          expect(tf.max(tf.abs(gradient)).dataSync()[0]).toBeGreaterThan(1e-3);
        }
      });
    });

    it('passes gradients around what layers do to a shared codebook', () => {
      const config = parse({ shared_codebook: true, threshold_ema_dead_code: 3 });
      tf.tidy(() => {
        const [state] = statesOf(config);
        const deadCodeRows = tf.tensor1d([0, 1, 2, 3, 4, 5, 6, 7], 'int32');
        const draws = { layers: [{ deadCodeRows }, { deadCodeRows }] };
        const train = (x: tf.Tensor) => trainResidualVector(x, {}, [state!, state!], config, draws);
        const gradient = tf.grad((x: tf.Tensor) => tf.sum(train(x).loss))(vectors());
        expect(tf.max(tf.abs(gradient)).dataSync()[0]).toBeGreaterThan(1e-3);
      });
    });

    it('adds the error in a noisy direction with diveq', () => {
      const config = parse({ diveq: true });
      tf.tidy(() => {
        const states = statesOf(config);
        const { codes } = residualVectorQuantizer.encode(vectors(), paramsOf(states), config);
        const still = trainResidualVector(vectors(), {}, states, config);
        expectClose(still.quantized.dataSync(), codes.dataSync(), 1e-5);
        const directionNoise = tf.tensor3d(wave(24, 8), [2, 4, 3]);
        const noisy = trainResidualVector(vectors(), {}, states, config, { directionNoise });
        const lengths = (x: tf.Tensor) => tf.norm(tf.sub(x, vectors()), 2, -1).dataSync();
        expectClose(lengths(noisy.quantized), lengths(codes), 1e-5);
        expect(tf.max(tf.abs(tf.sub(noisy.quantized, codes))).dataSync()[0]).toBeGreaterThan(1e-3);
      });
    });

    it('learns implicit codebooks', () => {
      const config = parse({ implicit_neural_codebook: true, mlp_kwargs: { depth: 1 } });
      tf.tidy(() => {
        const states = statesOf(config);
        const small = (rows: number, phase: number) => ({
          kernel: tf.tensor2d(
            wave(rows * 3, phase).map((value) => value / 3),
            [rows, 3],
          ),
        });
        const projectIn = small(6, 12);
        const blocks = [{ up: small(3, 13), down: small(3, 14) }];
        const lossOf = (kernel: tf.Tensor) =>
          tf.sum(
            trainResidualVector(
              vectors(),
              { implicit: [{ projectIn: { kernel: kernel as tf.Tensor2D }, blocks }] },
              states,
              config,
            ).loss,
          );
        const gradient = tf.grad(lossOf)(projectIn.kernel).dataSync();
        const step = 1e-3;
        for (const place of [0, 7, 17]) {
          const shift = tf.tensor2d(
            Array.from({ length: 18 }, (_, index) => (index === place ? step : 0)),
            [6, 3],
          );
          const up = lossOf(tf.add(projectIn.kernel, shift)).dataSync()[0]!;
          const down = lossOf(tf.sub(projectIn.kernel, shift)).dataSync()[0]!;
          expect((up - down) / (2 * step)).toBeCloseTo(gradient[place]!, 2);
        }
        expect(gradient.some((value) => Math.abs(value) > 1e-3)).toBe(true);
      });
    });

    it('keeps several beams, and learns from the one that wins', () => {
      const config = parse({ beam_size: 3 });
      tf.tidy(() => {
        const states = statesOf(config);
        const { ids, codes } = residualVectorQuantizer.encode(vectors(), paramsOf(states), config);
        const trained = trainResidualVector(vectors(), {}, states, config);
        expect(numbers(trained.ids)).toEqual(numbers(ids!));
        expectClose(trained.quantized.dataSync(), codes.dataSync(), 1e-5);
        const coarse = tf.gather(tf.reshape(states[0]!.codes, [5, 3]), tf.unstack(trained.ids, -1)[0] as tf.Tensor1D);
        expect(trained.loss.dataSync()[0]).toBeCloseTo(
          tf.mean(tf.squaredDifference(coarse, vectors())).dataSync()[0]!,
          5,
        );
        expect(tf.sum(trained.states[1]!.counts).dataSync()[0]).toBeCloseTo(0.8 * 5 + 0.2 * 8, 4);
        const first = trainResidualVector(vectors(), {}, states, config, {}, { beamUpdates: 'first' });
        expectClose(first.states[0]!.codes.dataSync(), trained.states[0]!.codes.dataSync(), 0);
        expect(first.states[1]).toBe(states[1]);
        const gradient = tf.grad((x: tf.Tensor) => tf.sum(trainResidualVector(x, {}, states, config).loss))(vectors());
        expect(tf.max(tf.abs(gradient)).dataSync()[0]).toBeGreaterThan(0);
      });
    });

    it('leaves masked places out', () => {
      for (const changes of [{}, { beam_size: 2 }] as Readonly<Record<string, Json>>[]) {
        const config = parse(changes);
        tf.tidy(() => {
          const states = statesOf(config);
          const mask = tf.tensor2d([1, 1, 0, 0, 1, 1, 1, 0], [2, 4], 'bool');
          const { ids, states: after } = trainResidualVector(vectors(), {}, states, config, {}, { mask });
          const [first] = tf.unstack(ids, -1);
          expect(numbers(first!).map((id) => id < 0)).toEqual([false, false, true, true, false, false, false, true]);
          expect(tf.sum(after[0]!.counts).dataSync()[0]).toBeCloseTo(0.8 * 5 + 0.2 * 5, 4);
        });
      }
    });

    it('compares known ids by cross-entropy', () => {
      const config = parse({ codebook_size: [1, 5], num_quantizers: null });
      tf.tidy(() => {
        const states = statesOf(config);
        const targets = tf.tensor3d(new Array<number>(16).fill(0), [2, 4, 2], 'int32');
        const loss = residualVectorCrossEntropy(vectors(), {}, states, config, targets).dataSync()[0]!;
        const codes = tf.reshape(states[1]!.codes, [1, 5, 3]);
        const rows = tf.reshape(vectors(), [8, 1, 3]);
        const scores = tf.neg(tf.sqrt(tf.sum(tf.squaredDifference(rows, codes), -1)));
        const expected = tf.neg(tf.mean(tf.slice(tf.logSoftmax(scores), [0, 0], [8, 1]))).dataSync()[0]!;
        // The layer of one code has nothing to guess.
        expect(loss).toBeCloseTo(expected, 4);
      });
    });

    it('trains groups of channels apart', () => {
      const group = parse();
      tf.tidy(() => {
        const states = [statesOf(group), statesOf(group)];
        const x = tf.concat([vectors(), vectors()], -1);
        const config = { dim: 6, groups: 2, group };
        const { quantized, ids, loss } = trainGroupedResidualVector(x, {}, states, config, [{ keptLayers: 1 }, {}]);
        expect([quantized.shape, ids.shape, loss.shape]).toEqual([
          [2, 4, 6],
          [2, 2, 4, 2],
          [2, 2],
        ]);
        expect(loss.dataSync()[1]).toBe(0);
        expect(loss.dataSync()[0]).toBeCloseTo(loss.dataSync()[2]!, 6);
      });
    });
  });
});

describe('training of DAC', () => {
  describe('on cpu', () => {
    useLeakGuard();

    it('leaves layers out of the sum of the items that drop them', () => {
      const config = residualFactorizedQuantizer.parseConfig({
        input_dim: 3,
        n_codebooks: 2,
        codebook_size: 5,
        codebook_dim: 2,
        quantizer_dropout: 0.5,
      });
      tf.tidy(() => {
        const params: ResidualFactorizedParams = {
          layers: [1, 2].map((phase) => ({
            codebook: tf.tensor2d(wave(10, phase), [5, 2]),
            projectIn: { kernel: tf.tensor2d(wave(6, phase + 3), [3, 2]) },
            projectOut: { kernel: tf.tensor2d(wave(6, phase + 5), [2, 3]) },
          })),
        };
        const keptLayers = tf.tensor1d([1, 1], 'int32');
        const trained = trainResidualFactorized(vectors(), params, config, { keptLayers });
        const full = trainResidualFactorized(vectors(), params, config);
        const coarse = residualFactorizedQuantizer.decode(tf.slice(full.ids, [0, 0, 0], [2, 1, 4]), params, config);
        const item = (x: tf.Tensor, index: number) => tf.slice(x, [index, 0, 0], [1, 4, 3]).dataSync();
        expectClose(item(trained.quantized, 0), item(coarse, 0), 1e-5);
        expectClose(item(trained.quantized, 1), item(full.quantized, 1), 1e-6);
        expect(numbers(trained.ids)).toEqual(numbers(full.ids));
        expect(trained.codebookLoss.dataSync()[0]).toBeLessThan(full.codebookLoss.dataSync()[0]!);
      });
    });
  });
});
