import '@tensorflow/tfjs';
import * as tf from '@tensorflow/tfjs-core';
import { beforeAll, describe, expect, it } from 'vitest';
import { wave } from '../../../test/on-backends';
import { InputError } from '../../errors';
import { multiHeadVectorQuantizer } from '../../quantize/multi-head-vector';
import { expectClose } from '../../test/expect-close';
import { useLeakGuard } from '../../test/leak-guard';
import type { CodebookPassState } from './codebook-pass';
import { trainMultiHeadVector, type MultiHeadVectorTrainingOptions } from './multi-head-vector';

const parse = multiHeadVectorQuantizer.parseConfig;

beforeAll(async () => {
  await tf.setBackend('cpu');
});

const [count, dim] = [5, 3];
const vectors = () => tf.tensor3d(wave(24), [2, 4, dim]);
const stateOf = (): CodebookPassState => {
  const codes = tf.tensor3d(wave(count * dim, 3), [1, count, dim]);
  return { codes, counts: tf.ones([1, count]), sums: tf.clone(codes) };
};
const base = { dim, codebook_size: count };

/** Slope of a loss by central differences, for the comparison with its gradient. */
function slopes(x: tf.Tensor, loss: (x: tf.Tensor) => tf.Tensor): number[] {
  const step = 1e-2;
  const values = Float32Array.from(x.dataSync());
  const at = (index: number, change: number) =>
    tf.tidy(() => {
      const moved = Float32Array.from(values);
      moved[index] = moved[index]! + change;
      return loss(tf.tensor(moved, x.shape)).dataSync()[0]!;
    });
  return Array.from(values, (_, index) => (at(index, step) - at(index, -step)) / (2 * step));
}

describe('the training form of multi-head vector quantization', () => {
  useLeakGuard();

  it('finds what the quantizer finds', () => {
    const config = parse(base);
    tf.tidy(() => {
      const trained = trainMultiHeadVector(vectors(), {}, stateOf(), config);
      const { ids, codes } = multiHeadVectorQuantizer.encode(
        vectors(),
        { codes: stateOf().codes as tf.Tensor3D },
        config,
      );
      expect([...trained.ids.dataSync()]).toEqual([...ids!.dataSync()]);
      expectClose(trained.quantized.dataSync(), codes.dataSync());
    });
  });

  it.each([
    ['distances to learnable codes', { learnable_codebook: true, ema_update: false }],
    ['cross-entropy', { learnable_codebook: true, ema_update: false, commitment_use_cross_entropy_loss: true }],
    [
      'diversity',
      {
        learnable_codebook: true,
        ema_update: false,
        codebook_diversity_loss_weight: 0.5,
        codebook_diversity_temperature: 3,
      },
    ],
    ['orthogonality', { learnable_codebook: true, ema_update: false, orthogonal_reg_weight: 0.5 }],
  ])('has the gradient of its loss: %s', (_, options) => {
    const config = parse({ ...base, ...options });
    tf.tidy(() => {
      const loss = (x: tf.Tensor, codes: tf.Tensor) =>
        trainMultiHeadVector(x, {}, { ...stateOf(), codes }, config).loss;
      const [x, codes] = [tf.slice(vectors(), [0, 0, 0], [2, 2, dim]), stateOf().codes];
      const [ofVectors, ofCodes] = tf.grads((a, b) => loss(a!, b!) as tf.Scalar)([x, codes]);
      expectClose(
        ofVectors!.dataSync(),
        slopes(x, (moved) => loss(moved, codes)),
        2e-3,
      );
      expectClose(
        ofCodes!.dataSync(),
        slopes(codes, (moved) => loss(x, moved)),
        2e-3,
      );
    });
  });

  it('takes a gradient through transformed codes back to the learnable ones', () => {
    const config = parse({ ...base, learnable_codebook: true, ema_update: false });
    tf.tidy(() => {
      const transformCodes = (codes: tf.Tensor3D) => tf.add(tf.mul(codes, 0.5), 0.1) as tf.Tensor3D;
      const loss = (codes: tf.Tensor) =>
        trainMultiHeadVector(vectors(), {}, { ...stateOf(), codes }, config, {}, { transformCodes }).loss;
      const { codes } = stateOf();
      expectClose(
        tf
          .grad(loss as (x: tf.Tensor) => tf.Scalar)(codes)
          .dataSync(),
        slopes(codes, loss),
        2e-3,
      );
    });
  });

  it('gathers batches for one update', () => {
    const config = parse(base);
    tf.tidy(() => {
      const x = vectors();
      const halves = [tf.slice(x, [0, 0, 0], [1, 4, dim]), tf.slice(x, [1, 0, 0], [1, 4, dim])];
      const waiting = trainMultiHeadVector(halves[0]!, {}, stateOf(), config, {}, { accumulates: true }).state;
      expect([...waiting.codes.dataSync()]).toEqual([...stateOf().codes.dataSync()]);
      const after = trainMultiHeadVector(halves[1]!, {}, waiting, config).state;
      const whole = trainMultiHeadVector(x, {}, stateOf(), config).state;
      for (const name of ['codes', 'counts', 'sums'] as const) {
        expectClose(after[name]!.dataSync(), whole[name]!.dataSync());
      }
    });
  });

  it('does not move codes whose weight is 0, and none of a frozen codebook', () => {
    const config = parse(base);
    tf.tidy(() => {
      const moved = (options: MultiHeadVectorTrainingOptions) =>
        trainMultiHeadVector(vectors(), {}, stateOf(), config, {}, options).state;
      const counts = moved({ updateWeight: tf.tensor1d([0, 1, 0, 1, 1]) }).counts.dataSync();
      expect([counts[0], counts[2]]).toEqual([1, 1]);
      expect([...counts].some((each) => each !== 1)).toBe(true);
      for (const options of [{ freezeCodebook: true }, { emaUpdate: false }]) {
        expect([...moved(options).counts.dataSync()]).toEqual([1, 1, 1, 1, 1]);
        expect([...moved(options).codes.dataSync()]).toEqual([...stateOf().codes.dataSync()]);
      }
    });
  });

  it('leaves padding out of everything', () => {
    const config = parse({ ...base, return_zeros_for_masked_padding: false });
    tf.tidy(() => {
      const mask = tf.tensor2d([1, 1, 0, 0, 1, 1, 0, 0], [2, 4]);
      const x = vectors();
      const masked = trainMultiHeadVector(x, {}, stateOf(), config, {}, { mask });
      const short = trainMultiHeadVector(tf.slice(x, [0, 0, 0], [2, 2, dim]), {}, stateOf(), config);
      expectClose(masked.loss.dataSync(), short.loss.dataSync());
      expectClose(masked.state.codes.dataSync(), short.state.codes.dataSync());
      const ids = [...masked.ids.dataSync()];
      expect(ids.filter((_, at) => at % 4 > 1)).toEqual([-1, -1, -1, -1]);
      const padding = tf.slice(masked.quantized, [0, 2, 0], [2, 2, dim]).dataSync();
      expect([...padding]).toEqual([...tf.slice(x, [0, 2, 0], [2, 2, dim]).dataSync()]);
    });
  });

  it('gives the best few codes, the nearest first, and learns nothing from them', () => {
    const config = parse(base);
    tf.tidy(() => {
      const best = trainMultiHeadVector(vectors(), {}, stateOf(), config, {}, { topK: 3 });
      const one = trainMultiHeadVector(vectors(), {}, stateOf(), config);
      expect(best.ids.shape).toEqual([2, 4, 3]);
      expect(best.quantized.shape).toEqual([2, 4, 3, dim]);
      expect(best.loss.shape).toEqual([2, 4, 3]);
      expect([...best.ids.dataSync()].filter((_, at) => at % 3 === 0)).toEqual([...one.ids.dataSync()]);
      expect([...best.state.counts.dataSync()]).toEqual([1, 1, 1, 1, 1]);
    });
  });

  it('moves learnable codes before it searches them again', () => {
    const config = parse({ ...base, learnable_codebook: true, ema_update: false });
    tf.tidy(() => {
      const before = trainMultiHeadVector(vectors(), {}, stateOf(), config);
      const inPlaceOptimizer = (codes: tf.Tensor, gradient: tf.Tensor) => tf.sub(codes, tf.mul(gradient, 2));
      const after = trainMultiHeadVector(vectors(), {}, stateOf(), config, {}, { inPlaceOptimizer });
      expectClose(after.losses.inPlaceOptimize.dataSync(), before.losses.commitment.dataSync());
      expect(after.losses.commitment.dataSync()[0]).toBeLessThan(before.losses.commitment.dataSync()[0]!);
      const manual = parse({
        ...base,
        learnable_codebook: true,
        ema_update: false,
        manual_in_place_optimizer_update: true,
      });
      const left = trainMultiHeadVector(vectors(), {}, stateOf(), manual, {}, { inPlaceOptimizer });
      expect([...left.state.codes.dataSync()]).toEqual([...stateOf().codes.dataSync()]);
      expectClose(inPlaceOptimizer(left.state.codes, left.codesGradient!).dataSync(), after.state.codes.dataSync());
    });
  });

  it('needs its noise', () => {
    const config = parse({ ...base, directional_reparam: true, threshold_ema_dead_code: 1 });
    expect(() => tf.tidy(() => trainMultiHeadVector(vectors(), {}, stateOf(), config).quantized)).toThrow(InputError);
  });
});
