import '@tensorflow/tfjs';
import * as tf from '@tensorflow/tfjs-core';
import { beforeAll, describe, expect, it } from 'vitest';
import { valuesOf, wave } from '../../../test/on-backends';
import { type HierarchicalParams, hierarchicalQuantizer } from '../../quantize/hierarchical';
import { decodeScales, encodeScales, type MultiScaleParams, multiScaleQuantizer } from '../../quantize/multi-scale';
import { expectClose } from '../../test/expect-close';
import { useLeakGuard } from '../../test/leak-guard';
import { trainHierarchical } from './hierarchical';
import { itemMask, keptByItem } from './item-dropout';
import { trainDroppedMultiScale, trainMultiScale } from './multi-scale';
import { scaleHitRates, scaleUsage, updateScaleHits } from './scale-usage';

beforeAll(async () => {
  await tf.setBackend('cpu');
});

const config = multiScaleQuantizer.parseConfig({
  vocab_size: 9,
  Cvae: 3,
  using_znorm: false,
  v_patch_nums: [1, 2, 4],
  share_quant_resi: 2,
  codebook_drop: 0.5,
});

const paramsOf = (): MultiScaleParams => ({
  codebook: tf.tensor2d(wave(27, 1), [9, 3]),
  convolutions: [2, 3].map((phase) => ({
    kernel: tf.tensor4d(
      wave(81, phase).map((value) => value / 4),
      [3, 3, 3, 3],
    ),
    bias: tf.tensor1d(wave(3, phase)),
  })),
});
const features = () => tf.tensor4d(wave(4 * 16 * 3, 5), [4, 4, 4, 3]);

describe('training over scales', () => {
  describe('on cpu', () => {
    useLeakGuard();

    it('quantizes as inference does, and counts the codes of each scale', () => {
      tf.tidy(() => {
        const { partials } = encodeScales(features(), paramsOf(), config);
        const { quantized, ids, hits, loss } = trainMultiScale(features(), paramsOf(), config);
        expectClose(quantized.dataSync(), partials.at(-1)!.dataSync(), 1e-6);
        expect([...ids.dataSync()]).toEqual([
          ...multiScaleQuantizer.encode(features(), paramsOf(), config).ids!.dataSync(),
        ]);
        expect([...tf.sum(hits, 1).dataSync()]).toEqual([4, 16, 64]);
        const errors = partials.map((partial) => tf.mean(tf.squaredDifference(partial, features())).dataSync()[0]!);
        expect(loss.dataSync()[0]).toBeCloseTo((1.25 * (errors[0]! + errors[1]! + errors[2]!)) / 3, 5);
      });
    });

    it('splits the same loss in two where no item drops scales', () => {
      tf.tidy(() => {
        const { loss } = trainMultiScale(features(), paramsOf(), config);
        const { codebookLoss, commitmentLoss } = trainDroppedMultiScale(features(), paramsOf(), config);
        const sum = codebookLoss.dataSync()[0]! + commitmentLoss.dataSync()[0]! / 3;
        expect(sum).toBeCloseTo(loss.dataSync()[0]!, 5);
      });
    });

    it('leaves scales out of the sum of the items that drop them', () => {
      tf.tidy(() => {
        const keptScales = tf.tensor1d([1, 2, 0, 0], 'int32');
        const dropped = trainDroppedMultiScale(features(), paramsOf(), config, { keptScales });
        const partials = decodeScales(dropped.ids, paramsOf(), config);
        const item = (x: tf.Tensor, index: number) => tf.slice(x, [index, 0, 0, 0], [1, 4, 4, 3]).dataSync();
        expectClose(item(dropped.quantized, 0), item(partials[0]!, 0), 1e-5);
        expectClose(item(dropped.quantized, 1), item(partials[1]!, 1), 1e-5);
        // Beyond the share of the batch, draws do not count.
        expectClose(item(dropped.quantized, 2), item(partials[2]!, 2), 1e-5);
      });
    });

    it('has losses of 0 where every item drops everything', () => {
      const all = { ...config, codebookDrop: 1 };
      const losses = tf.tidy(() => {
        const draws = { keptScales: tf.zeros([4]) };
        const { codebookLoss, commitmentLoss } = trainDroppedMultiScale(features(), paramsOf(), all, draws);
        return [codebookLoss.dataSync()[0], commitmentLoss.dataSync()[0]];
      });
      expect(losses).toEqual([0, 0]);
    });

    it('moves the codebook between the scales of a hierarchy', () => {
      const hierarchy = hierarchicalQuantizer.parseConfig({ dim: 3, codebook_size: 9, scales: [1, 2], decay: 0.5 });
      tf.tidy(() => {
        const codes = tf.tensor3d(wave(27, 1), [1, 9, 3]);
        const state = { codes, counts: tf.ones([1, 9]), sums: codes };
        const { convolutions } = paramsOf();
        const params: HierarchicalParams = { inner: { codes }, convolutions: convolutions.slice(0, 1) };
        const x = tf.tensor4d(wave(24, 4), [2, 2, 2, 3]);
        const frozen = { ...hierarchy, inner: { ...hierarchy.inner, freezeCodebook: true } };
        const still = trainHierarchical(x, params, state, frozen);
        const encoded = hierarchicalQuantizer.encode(x, params, hierarchy);
        expect([...still.ids.dataSync()]).toEqual([...encoded.ids!.dataSync()]);
        expectClose(still.quantized.dataSync(), encoded.codes.dataSync(), 1e-5);
        expect(still.loss.dataSync()[0]).toBeGreaterThan(0);
        const moved = trainHierarchical(x, params, state, hierarchy);
        // Two averages of half the old counts each: 1/4 of the old ones, 1/4 of 2 vectors and 1/2 of 8.
        expect(tf.sum(moved.state.counts).dataSync()[0]).toBeCloseTo(9 / 4 + 2 / 4 + 8 / 2, 4);
      });
    });
  });
});

describe('usage of scales', () => {
  it('starts with the counts of the first scale, and slows down after 100', () => {
    expect(scaleHitRates(0, 3)).toEqual([0, 0.9, 0.9]);
    expect(scaleHitRates(33, 3)).toEqual([0.9, 0.99, 0.99]);
  });

  describe('on cpu', () => {
    useLeakGuard();

    it('follows counts and compares them with even use', () => {
      const averages = () => tf.tensor2d([10, 0, 4, 4], [2, 2]);
      const hits = () => tf.tensor2d([0, 10, 8, 0], [2, 2]);
      expectClose(
        valuesOf(() => updateScaleHits(averages(), hits(), tf.tensor1d([0, 0.9]))),
        [0, 10, 4.4, 3.6],
        1e-6,
      );
      // 100 vectors over 2 codes, of which 0.08: 4.
      expect(valuesOf(() => scaleUsage(averages(), 100))).toEqual([50, 100]);
      expect(valuesOf(() => scaleUsage(averages(), 100, 2))).toEqual([50, 0]);
    });

    it('keeps what was drawn for the first items only', () => {
      const kept = () => keptByItem(tf.tensor1d([1, 2, 0, 1, 1], 'int32'), 3, 0.5);
      expect(valuesOf(kept)).toEqual([1, 2, 3, 3, 3]);
      expect(valuesOf(() => itemMask(kept(), 1, 3))).toEqual([0, 1, 1, 1, 1]);
    });
  });
});
