import { mulberry32 } from '@tesserae/core/data';
import { describe, expect, it } from 'vitest';
import { characterBlocks, tokenBlocks } from './block-inputs';
import { characterHashes } from './character-hashes';
import { planBlocks } from './plan-blocks';
import { stitchBlocks } from './stitch-blocks';
import { endProbabilities, tokenScoresToCharacters } from './token-scores';

describe('planBlocks', () => {
  it('covers every unit of every text with full blocks', () => {
    const random = mulberry32(3);
    for (let trial = 0; trial < 50; trial += 1) {
      const lengths = [...random.integers(0, 90, 4)];
      const blockSize = 1 + (trial % 20);
      const plan = planBlocks(lengths, { blockSize, stride: 1 + (trial % blockSize) });
      const covered = lengths.map((length) => new Uint8Array(length));
      for (const { text, start, end } of plan.blocks) {
        expect(end - start).toBe(Math.min(plan.blockSize, lengths[text]!));
        covered[text]!.fill(1, start, end);
      }
      expect(covered.every((units) => units.every((unit) => unit === 1))).toBe(true);
    }
  });

  it('rounds blocks up for models that down-sample', () => {
    expect(planBlocks([10], { multipleOf: 4 })).toEqual({
      lengths: [10],
      blockSize: 12,
      blocks: [{ text: 0, start: 0, end: 10 }],
    });
  });

  it('keeps to what the model takes', () => {
    expect(planBlocks([600], { modelLimit: 510 }).blocks.map(({ start, end }) => [start, end])).toEqual([
      [0, 510],
      [64, 574],
      [90, 600],
    ]);
  });

  it('refuses strides that leave units out', () => {
    expect(() => planBlocks([100], { blockSize: 10, stride: 11 })).toThrow('stride');
    expect(() => planBlocks([100], { stride: 0 })).toThrow('stride');
    expect(() => planBlocks([Number.NaN])).toThrow('lengths');
    expect(planBlocks([]).blocks).toEqual([]);
  });
});

describe('block inputs', () => {
  it('frames tokens and fills up with zeros', () => {
    const { rows, columns, ids, mask } = tokenBlocks(planBlocks([2, 3]), [
      [7, 8],
      [4, 5, 6],
    ]);
    expect([rows, columns]).toEqual([2, 5]);
    expect([...ids]).toEqual([0, 7, 8, 2, 0, 0, 4, 5, 6, 2]);
    expect([...mask]).toEqual([1, 1, 1, 1, 0, 1, 1, 1, 1, 1]);
  });

  it('takes hashes of characters', () => {
    const hashes = characterHashes('abc', { hashes: 2 });
    const { ids, mask } = characterBlocks(planBlocks([3], { multipleOf: 4 }), [hashes], 2);
    expect([...ids]).toEqual([...hashes, 0, 0]);
    expect([...mask]).toEqual([1, 1, 1, 0]);
    expect(() => characterBlocks(planBlocks([2]), [hashes], 2)).toThrow('texts of [4] numbers');
  });
});

describe('stitchBlocks', () => {
  it('gives back what every block agrees on', () => {
    const truth = Float32Array.from({ length: 60 }, (_, index) => Math.sin(index));
    for (const weighting of ['uniform', 'hat'] as const) {
      const plan = planBlocks([30], { blockSize: 8, stride: 3 });
      const logits = plan.blocks.map(({ start, end }) => truth.slice(start * 2, end * 2));
      const [exact] = stitchBlocks(plan, logits, { labels: 2, weighting, precision: 'single' });
      const [half] = stitchBlocks(plan, logits, { labels: 2, weighting });
      exact!.forEach((value, index) => expect(value).toBeCloseTo(truth[index]!, 5));
      half!.forEach((value, index) => expect(Math.abs(value - truth[index]!)).toBeLessThan(5e-3));
    }
  });

  it('weighs the middle of a block most with a hat', () => {
    const plan = planBlocks([6], { blockSize: 4, stride: 2 });
    const logits = [new Float32Array([0, 0, 0, 0]), new Float32Array([1, 1, 1, 1])];
    expect([...stitchBlocks(plan, logits, { weighting: 'hat', precision: 'single' })[0]!]).toEqual([
      0, 0, 0.25, 0.75, 1, 1,
    ]);
  });

  it('refuses blocks of another size', () => {
    const plan = planBlocks([3]);
    expect(() => stitchBlocks(plan, [])).toThrow('logits');
    expect(() => stitchBlocks(plan, [new Float32Array(2)])).toThrow('logits 0');
    expect(() => stitchBlocks(plan, [new Float32Array(3)], { weighting: 'none' as 'hat' })).toThrow('weighting');
  });
});

describe('token scores', () => {
  it('belong to the last character', () => {
    const scores = tokenScoresToCharacters(4, [0, 0, 0, 2, 2, 3], new Float32Array([9, 1, 2]));
    expect([...scores]).toEqual([-Infinity, 1, 2, 9]);
    expect([...endProbabilities(new Float32Array([0, 5, -Infinity, 5]), 2)]).toEqual([0.5, 0]);
  });

  it('leave special tokens out', () => {
    const options = { specialTokensMask: [1, 0] };
    expect([...tokenScoresToCharacters(1, [0, 0, 0, 1], new Float32Array([9, 1]), options)]).toEqual([1]);
    expect([...tokenScoresToCharacters(0, [0, 0], new Float32Array([9]))]).toEqual([]);
  });

  it('refuse offsets outside the text', () => {
    expect(() => tokenScoresToCharacters(1, [0, 2], new Float32Array(1))).toThrow('2 of token 0');
    expect(() => tokenScoresToCharacters(1, [0, 1], new Float32Array(2))).toThrow('logits');
  });
});

describe('characterHashes', () => {
  it('hashes code points', () => {
    expect([...characterHashes('a😀', { hashes: 1, buckets: 2 ** 20 })]).toEqual([98 * 31, (0x1f601 * 31) % 2 ** 20]);
    expect(() => characterHashes('a', { hashes: 17 })).toThrow('1..16');
    expect(() => characterHashes('a', { buckets: 0 })).toThrow('buckets');
  });
});
