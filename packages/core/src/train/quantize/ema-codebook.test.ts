import * as tf from '@tensorflow/tfjs-core';
import { describe, expect, it } from 'vitest';
import { onBackends, valuesOf } from '../../../test/on-backends';
import { expectClose } from '../../test/expect-close';
import { codebookFlavors } from './codebook-flavors';
import {
  addStatistics,
  codebookStatistics,
  type CodebookState,
  type CodebookStatistics,
  smoothCounts,
  startCodebook,
  trackStatistics,
  updateCodebook,
} from './ema-codebook';
import { assignmentsOf } from './kmeans';

/** Two codes of one batch, of which the second is not chosen. */
const batch = (): CodebookStatistics => ({ counts: tf.tensor1d([4, 0]), sums: tf.tensor2d([8, 12, 0, 0], [2, 2]) });
const state = (): CodebookState => ({
  codes: tf.tensor2d([1, 0, 0, 3], [2, 2]),
  counts: tf.tensor1d([2, 1]),
  sums: tf.tensor2d([2, 0, 0, 3], [2, 2]),
});
const fieldsOf = (compute: () => CodebookState) => ({
  codes: valuesOf(() => compute().codes),
  counts: valuesOf(() => compute().counts),
  sums: valuesOf(() => compute().sums ?? tf.tensor1d([])),
});
const unit = ([x, y]: readonly [number, number]) => [x / Math.hypot(x, y), y / Math.hypot(x, y)];

describe('averages of a codebook', () => {
  onBackends(() => {
    it('smooth counts so that none is zero', () => {
      const smoothed = valuesOf(() => smoothCounts(tf.tensor1d([3, 0, 1])));
      expectClose(smoothed, [2.9999875, 0.000009999925, 1.0000025], 2e-7);
      expect(smoothed[1]).toBeCloseTo(0.000009999925, 10);
    });

    it('count and add the vectors of each code; rows of zeros count for nothing', () => {
      const rows = () => tf.tensor3d([1, 2, 3, 4, 5, 6], [1, 3, 2]);
      const hot = () => assignmentsOf(tf.tensor2d([[1, 1, -1]], [1, 3], 'int32'), 3);
      expect(valuesOf(() => codebookStatistics(rows(), hot()).counts)).toEqual([0, 2, 0]);
      expect(valuesOf(() => codebookStatistics(rows(), hot()).sums)).toEqual([0, 0, 4, 6, 0, 0]);
    });

    it.each(['lucidrains', 'encodec', '4m-euclidean', 'sonnet'] as const)('follow sums over counts (%s)', (flavor) => {
      const decay = 0.75;
      const { codes, counts, sums } = fieldsOf(() => updateCodebook(flavor, state(), batch(), { decay, epsilon: 0.5 }));
      const averages = [2 + 0.25 * 2, 1 - 0.25];
      const total = averages[0]! + averages[1]!;
      const smoothed = averages.map((count) => ((count + 0.5) / (total + 1)) * total);
      const expected = [2 + 0.25 * 6, 0.25 * 12, 0, 3 * 0.75];
      expectClose(sums, expected);
      expectClose(counts, flavor === 'sonnet' ? smoothed : averages);
      expectClose(
        codes,
        expected.map((value, at) => value / smoothed[at >> 1]!),
      );
    });

    it('keep norm-EMA codes on the sphere, and leave unused ones alone', () => {
      const { codes, counts } = fieldsOf(() => updateCodebook('norm-ema', state(), batch(), { decay: 0.75 }));
      const target = unit([8, 12]);
      expectClose(codes, [...unit([0.75 + 0.25 * target[0]!, 0.25 * target[1]!]), 0, 1]);
      expectClose(counts, [2.5, 0.75]);
    });

    it('let 4M cosine codes leave the sphere, unused ones move towards it', () => {
      const { codes } = fieldsOf(() => updateCodebook('4m-cosine', state(), batch(), { decay: 0.75 }));
      const target = unit([8, 12]);
      expectClose(codes, [0.75 + 0.25 * target[0]!, 0.25 * target[1]!, 0, 0.75 * 3 + 0.25]);
    });

    it('use the decay of the flavor', () => {
      expect(codebookFlavors.lucidrains.decay).toBe(0.8);
      expect(codebookFlavors.encodec.decay).toBe(0.99);
      const { counts } = fieldsOf(() => updateCodebook('encodec', state(), batch()));
      expectClose(counts, [2 + 0.01 * 2, 0.99]);
    });

    it('move each code by its weight', () => {
      const weight = () => tf.tensor1d([0, 2]);
      const direct = fieldsOf(() => trackStatistics(state(), batch(), { decay: 0.75, weight: weight() }));
      expectClose(direct.counts, [2, 1 - 0.5]);
      expectClose(direct.sums, [2, 0, 0, 1.5]);
      const chosen = fieldsOf(() =>
        trackStatistics(state(), batch(), { decay: 0.75, weight: ({ counts }) => tf.sub(2, tf.mul(counts, 0.5)) }),
      );
      expect(chosen).toEqual(direct);
    });

    it('add what was pending to the next batch', () => {
      const waiting = () => ({ ...state(), pending: batch() });
      const later = fieldsOf(() => trackStatistics(waiting(), batch(), { decay: 0.75 }));
      const together = fieldsOf(() => trackStatistics(state(), addStatistics(batch(), batch()), { decay: 0.75 }));
      expect(later).toEqual(together);
      expect(tf.tidy(() => 'pending' in trackStatistics(waiting(), batch(), { decay: 0.75 }))).toBe(false);
    });

    it('start from clusters, with or without their counts', () => {
      const clusters = () => ({ means: tf.tensor2d([5, 6, 7, 8], [2, 2]), counts: tf.tensor1d([3, 1]) });
      const started = fieldsOf(() => startCodebook('lucidrains', state(), clusters(), { epsilon: 1 }));
      expectClose(started.sums, [15, 18, 7, 8]);
      // Smoothed counts: 4/6 and 2/6 of 4.
      expectClose(started.codes, [15 / (16 / 6), 18 / (16 / 6), 7 / (8 / 6), 8 / (8 / 6)]);
      const encodec = fieldsOf(() => startCodebook('encodec', state(), clusters()));
      expect(encodec).toEqual({ codes: [5, 6, 7, 8], counts: [3, 1], sums: [5, 6, 7, 8] });
      const normEma = fieldsOf(() => startCodebook('norm-ema', state(), clusters()));
      expect(normEma).toMatchObject({ codes: [5, 6, 7, 8], counts: [2, 1] });
    });
  });
});
