import * as tf from '@tensorflow/tfjs-core';
import { mulberry32 } from '@tesserae/core';
import { useLeakGuard } from '@tesserae/core/test';
import { describe, expect, it } from 'vitest';
import { onBackends, valuesOf, wave } from '../../../core/test/on-backends';
import { onnxAvailable } from '../../../core/test/onnx-available';
import { entropySpikes, fixedBoundaries, segmentSlots, separatorBoundaries } from './boundaries';
import { boundaryLoss, compressionRate, countBoundaries } from './boundary-loss';
import { parseConfig } from './config';
import { magnet } from './magnet';
import { poolSegments, spreadSegments } from './pooling';

const width = 3;

/** Means of segments and what each position sees, one number after the other. */
function byHand(hidden: Float32Array, boundaries: readonly number[], nullGroup: readonly number[]) {
  const segments: number[][] = [[...nullGroup]];
  const seen: number[][] = [];
  let open: number[][] = [];
  for (const [position, boundary] of boundaries.entries()) {
    open.push(Array.from(hidden.subarray(position * width, (position + 1) * width)));
    if (boundary === 1) {
      segments.push(open[0]!.map((_, at) => open.reduce((sum, row) => sum + row[at]!, 0) / open.length));
      open = [];
    }
    seen.push(segments.at(-1)!);
  }
  return { segments, seen };
}

describe('pooling', () => {
  const hidden = wave(6 * width);
  const nullGroup = [7, 8, 9];

  onBackends(() => {
    it.each([
      [[0, 0, 0, 0, 0, 0]],
      [[1, 1, 1, 1, 1, 1]],
      [[0, 0, 1, 0, 1, 0]],
      [[1, 0, 0, 0, 0, 1]],
      [[0, 0, 0, 0, 0, 1]],
    ])('means and spreads segments that end at %j', (boundaries) => {
      const expected = byHand(hidden, boundaries, nullGroup);
      const slots = segmentSlots(boundaries, 6);
      const inputs = () => ({ ends: tf.tensor2d(boundaries, [1, 6]), numbers: tf.tensor1d(slots) });
      const pooled = valuesOf(() => {
        const { ends, numbers } = inputs();
        return poolSegments(tf.tensor3d(hidden, [1, 6, width]), ends, tf.tensor1d(nullGroup), numbers);
      });
      expect(pooled).toEqual(expected.segments.flat().map((value) => expect.closeTo(value, 5)));
      const spread = valuesOf(() => {
        const { ends, numbers } = inputs();
        return spreadSegments(tf.tensor3d(pooled, [1, slots.length, width]), ends, numbers);
      });
      expect(spread).toEqual(expected.seen.flat().map((value) => expect.closeTo(value, 5)));
    });
  });
});

describe('boundaries', () => {
  it('are numbered up to the row that has most', () => {
    expect([...segmentSlots([0, 1, 1, 1, 0, 0], 3)]).toEqual([-1, 0, 1]);
    expect([...segmentSlots([], 3)]).toEqual([-1]);
  });

  it('come from lengths, separators and entropies', () => {
    expect([...fixedBoundaries(5, 2)]).toEqual([1, 0, 1, 0, 1]);
    expect(() => fixedBoundaries(5, 0)).toThrow('size');
    expect([...separatorBoundaries([1, 35, 2], new Set([35]))]).toEqual([0, 1, 0]);
    expect([...entropySpikes([1, 2, 3, 2, 2.5, 9])]).toEqual([1, 1, 1, 0, 0, 1]);
    expect([...entropySpikes([2, 1, 3], 1)]).toEqual([1, 0, 1]);
  });

  it('have a loss that is least at the prior', () => {
    const losses = Array.from({ length: 11 }, (_, boundaries) => boundaryLoss([{ boundaries, positions: 10 }], 0.2));
    expect(losses.indexOf(Math.min(...losses))).toBe(2);
    const choose = (10 * 9) / 2;
    expect(losses[2]).toBeCloseTo(-Math.log(choose * 0.2 ** 2 * 0.8 ** 8), 10);
    expect(boundaryLoss([{ boundaries: 2, positions: 10 }], 0.2, true)).toBeCloseTo(losses[2]! / 10, 10);
    expect(() => boundaryLoss([], 0.2)).toThrow('at least one row');
    expect(() => boundaryLoss([{ boundaries: 3, positions: 2 }], 0.2)).toThrow('0..2');
    expect(() => boundaryLoss([{ boundaries: 0, positions: 2 }], 1)).toThrow('prior');
  });

  it('are counted without padding', () => {
    const counts = countBoundaries([1, 0, 1, 1], 2, [1, 1, 1, 0]);
    expect(counts).toEqual([
      { boundaries: 1, positions: 2 },
      { boundaries: 1, positions: 1 },
    ]);
    expect(compressionRate(counts)).toBe(1.5);
  });
});

describe('magnet', () => {
  useLeakGuard();
  const config = parseConfig({
    d_model: 8,
    d_inner: 12,
    n_head: 2,
    n_token: 20,
    model_config: '[1, (2,), 1]',
    all_script_ids_dict: { latin: 0.2, deva: 0.1 },
    script_to_id: { '17': 'latin', '18': 'deva' },
  });
  const rows = [
    [17, 1, 2, 3, 4, 5],
    [18, 9, 8, 7, 6, 5],
    [17, 1, 2, 3, 9, 9],
  ];

  it('sees no future, and gives the same on every engine', async () => {
    const results: number[][] = [];
    for (const engine of ['cpu', 'wasm', ...(onnxAvailable ? (['onnx'] as const) : [])] as const) {
      const model = await magnet.fromConfig(config, { engine, seed: 3 });
      const { logits, boundaries } = await model.logits(rows);
      expect(logits.shape).toEqual([3, 5, 20]);
      expect(boundaries.shape).toEqual([3, 5]);
      // Rows 0 and 2 differ from their fifth id on.
      expect(Array.from(logits.data.slice(200, 260))).toEqual(
        Array.from(logits.data.slice(0, 60)).map((value) => expect.closeTo(value, 5)),
      );
      expect(logits.data[260]).not.toBeCloseTo(logits.data[60]!, 4);
      results.push([...logits.data]);
      await model.dispose();
    }
    for (const result of results) expect(result).toEqual(results[0]!.map((value) => expect.closeTo(value, 4)));
  });

  it('draws boundaries where it may', async () => {
    const model = await magnet.fromConfig(config, { engine: 'cpu', seed: 3 });
    const drawn = await Promise.all([1, 2, 3, 4].map((seed) => model.logits(rows, { random: mulberry32(seed) })));
    expect(new Set(drawn.map(({ boundaries }) => boundaries.data.join())).size).toBeGreaterThan(1);
    await expect(model.logits([[3, 1]])).rejects.toThrow('a script (17, 18)');
    await expect(model.logits([[17, 1], [17]])).rejects.toThrow('rows of 2');
    await expect(model.boundaries({ shape: [1, 1, 8], data: wave(8) }, 'grek')).rejects.toThrow('script');
    await model.dispose();
  });

  it('reads the official configuration', () => {
    expect(config.layers).toEqual([1, 2, 1]);
    expect(() => parseConfig({ d_model: 8, d_inner: 8, n_head: 2, n_token: 3, model_config: '[2]' })).toThrow(
      'three numbers',
    );
    expect(parseConfig({ d_model: 8, d_inner: 8, n_head: 2, n_token: 3 }).priors).toEqual({ '': 0.2 });
  });
});
