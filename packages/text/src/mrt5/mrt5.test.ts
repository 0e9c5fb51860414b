import * as tf from '@tensorflow/tfjs-core';
import { mulberry32 } from '@tesserae/core';
import { useLeakGuard } from '@tesserae/core/test';
import { describe, expect, it } from 'vitest';
import { onBackends, resultOf, valuesOf, wave } from '../../../core/test/on-backends';
import { fixedDeleteGate, randomDeleteGate } from './baseline-gates';
import { parseConfig } from './config';
import { addDeleteGate, softmax1 } from './delete-gate';
import { deletePositions, deletePositionsOfBias } from './delete-positions';
import { deletionController, gateStatistics } from './deletion-controller';
import { keptPositions } from './kept-positions';
import { mrt5 } from './mrt5';

describe('keptPositions', () => {
  it('moves what is kept to the front', () => {
    const values = new Float32Array([0, -9, -1, -9, -9, -1, -1, -1]);
    const { positions, mask, length } = keptPositions(values, 2, -5);
    expect(length).toBe(3);
    expect([...positions]).toEqual([0, 2, 0, 1, 2, 3]);
    expect([...mask]).toEqual([0, 0, Math.fround(-1e9), 0, 0, 0]);
  });

  it('deletes at the threshold itself, and leaves an empty row its first position', () => {
    const { positions, mask } = keptPositions(new Float32Array([-5, -5, -4, -4]), 2, -5);
    expect([...positions]).toEqual([0, 0, 0, 1]);
    expect([...mask]).toEqual([0, Math.fround(-1e9), 0, 0]);
  });

  it('refuses to delete everything', () => {
    expect(() => keptPositions(new Float32Array([-9, -9]), 1, -5)).toThrow('all tokens');
    expect(() => keptPositions(new Float32Array(0), 1, -5)).toThrow('all tokens');
    expect(() => keptPositions(new Float32Array([Number.NaN]), 1, -5)).toThrow('all tokens');
    expect(() => keptPositions(new Float32Array(3), 2, -5)).toThrow('[2, positions]');
  });
});

describe('baseline gates', () => {
  it('keep the beginning of every word', () => {
    const ids = [...new TextEncoder().encode('one, three')].map((byte) => byte + 3);
    const gate = [...fixedDeleteGate([ids], { amount: 0.5, scale: -1 })];
    expect(gate.map((value, index) => (value === 0 ? 'one, three'[index] : '-')).join('')).toBe('on-, th---');
  });

  it('give all rows of a batch one mask, as the official code does', () => {
    const gate = fixedDeleteGate([
      [100, 101, 102, 103],
      [100, 101, 102, 103],
    ]);
    expect([...gate]).toEqual(Array.from({ length: 8 }, () => 0));
    expect(() => fixedDeleteGate([[1], [1, 2]])).toThrow('rows of 1');
    expect(() => fixedDeleteGate([[1]], { amount: 2 })).toThrow('amount');
    expect([...fixedDeleteGate([])]).toEqual([]);
  });

  it('delete a share by chance', () => {
    const gate = randomDeleteGate(1000, mulberry32(1), { probability: 0.3, scale: -2 });
    const deleted = gate.filter((value) => value === -2).length;
    expect(deleted).toBeGreaterThan(100);
    expect(deleted).toBeLessThan(500);
    expect(gate.filter((value) => value === 0)).toHaveLength(1000 - deleted);
  });
});

describe('deletionController', () => {
  it('follows the formula', () => {
    const controller = deletionController(0.5, { proportional: 0.5, integral: 0.1 });
    expect(controller.update(0)).toBeCloseTo(0.025 + 0.05, 12);
    expect(controller.update(0.9)).toBeCloseTo(0.9 * 0.025 - 0.02 + 0.05 - 0.04, 12);
    expect(controller.update(1)).toBe(0);
    expect(() => deletionController(2)).toThrow('target');
  });

  it('leads a gate that gives way to its target', () => {
    const controller = deletionController(0.5, { integral: 0.01 });
    let deleted = 0;
    for (let step = 0; step < 2000; step += 1) deleted = Math.min(1, controller.update(deleted) / 2);
    expect(deleted).toBeCloseTo(0.5, 3);
  });

  it('leaves padding out of statistics', () => {
    expect(gateStatistics([-1, -9, -10], [5, 6, 0], -5)).toEqual({ mean: -5, deleted: 0.5 });
    expect(() => gateStatistics([1], [0], 0)).toThrow('no padding');
    expect(() => gateStatistics([1], [], 0)).toThrow('1 ids');
  });
});

describe('gate tensors', () => {
  onBackends(() => {
    it('softmax1 leaves a share for nothing', () => {
      const values = valuesOf(() => softmax1(tf.tensor2d([0, 0, 100, -100], [2, 2])));
      expect(values[0]).toBeCloseTo(1 / 3, 6);
      expect(values[2]).toBeCloseTo(1, 6);
      expect(valuesOf(() => softmax1(tf.tensor1d([-100, -100]))).every(Number.isFinite)).toBe(true);
    });

    it('adds the gate to keys', () => {
      const scores = valuesOf(() => addDeleteGate(tf.zeros([1, 2, 2, 2]), tf.tensor3d([0, -3], [1, 2, 1])));
      expect(scores).toEqual([0, -3, 0, -3, 0, -3, 0, -3]);
    });

    it('gathers rows of hidden states and both axes of a bias', () => {
      const positions = () => tf.tensor2d([2, 0, 1, 2], [2, 2], 'int32');
      const hidden = wave(2 * 3 * 2);
      expect(valuesOf(() => deletePositions(tf.tensor3d(hidden, [2, 3, 2]), positions()))).toEqual(
        [4, 5, 0, 1, 8, 9, 10, 11].map((index) => hidden[index]),
      );
      const bias = wave(2 * 9);
      const { shape, data } = resultOf(() => deletePositionsOfBias(tf.tensor4d(bias, [1, 2, 3, 3]), positions()));
      expect(shape).toEqual([2, 2, 2, 2]);
      const at = (head: number, query: number, key: number) => bias[head * 9 + query * 3 + key];
      expect(Array.from(data.slice(0, 4))).toEqual([at(0, 2, 2), at(0, 2, 0), at(0, 0, 2), at(0, 0, 0)]);
      expect(Array.from(data.slice(12))).toEqual([at(1, 1, 1), at(1, 1, 2), at(1, 2, 1), at(1, 2, 2)]);
    });
  });
});

describe('mrt5', () => {
  useLeakGuard();
  const hidden = { shape: [2, 5, 8], data: wave(80) };
  const ids = { shape: [2, 5], data: Int32Array.from([5, 6, 7, 8, 0, 5, 6, 7, 8, 9]) };

  it('shortens hidden states', async () => {
    const gate = await mrt5.fromConfig({ ...parseConfig({ d_model: 8 }), threshold: -5 }, { engine: 'cpu' });
    const { values } = await gate.values(hidden, ids);
    expect(values.data[4]).toBe(-10);
    const shortened = await gate.shorten(hidden, ids);
    expect(shortened.hidden.shape).toEqual([2, shortened.length, 8]);
    const first = shortened.positions[0]!;
    expect(Array.from(shortened.hidden.data.slice(0, 8))).toEqual(
      Array.from(hidden.data.slice(first * 8, first * 8 + 8)),
    );
    await gate.dispose();
  });

  it('has no learned values where the gate is not learned', async () => {
    const gate = await mrt5.fromConfig(parseConfig({ d_model: 8, deletion_type: 'fixed' }), { engine: 'cpu' });
    await expect(gate.values(hidden, ids)).rejects.toMatchObject({ name: 'UnsupportedError' });
    await gate.dispose();
  });

  it('reads the official configuration', () => {
    expect(parseConfig({ d_model: 4, sigmoid_mask_scale: -30 })).toMatchObject({
      scale: -30,
      threshold: -15,
      layer: 2,
    });
    expect(() => parseConfig({})).toThrow('hidden_size');
    expect(() => parseConfig({ d_model: 4, deletion_type: 'none' })).toThrow('deletion_type');
  });
});
