import { mulberry32 } from '@tesserae/core/data';
import { describe, expect, it } from 'vitest';
import { alignByOffsets, alignTokens, respell } from './align-tokens';
import { countAlignment, invertMapping, transposeCounts, type AlignmentCounts } from './alignment-counts';
import { mapVocabularyByCounts, mapVocabularyByText } from './map-vocabulary';
import type { ModelText } from './partner-step';
import { transferDistributions } from './transfer-distributions';
import { warp } from './warp';

describe('warp', () => {
  it('pairs equal sequences one to one at no cost', () => {
    const found = warp(4, 4, (i, j) => (i === j ? 0 : 1));
    expect(found.cost).toBe(0);
    expect(found.firstToSecond).toEqual([[0], [1], [2], [3]]);
  });

  it('breaks ties along the second or the first sequence', () => {
    expect(warp(2, 3, () => 0, 'second').matches).toEqual([
      [0, 0],
      [0, 1],
      [1, 2],
    ]);
    expect(warp(3, 3, (i, j) => (i === 1 && j === 1 ? 9 : 0), 'second').matches).toEqual([
      [0, 0],
      [1, 0],
      [2, 1],
      [2, 2],
    ]);
    expect(warp(3, 3, (i, j) => (i === 1 && j === 1 ? 9 : 0), 'first').matches).toEqual([
      [0, 0],
      [0, 1],
      [1, 2],
      [2, 2],
    ]);
  });

  it('covers every element in order, whatever the costs', () => {
    const random = mulberry32(1);
    for (let trial = 0; trial < 50; trial += 1) {
      const [rows, columns] = random.integers(1, 9, 2) as unknown as [number, number];
      const costs = random.integers(0, 4, rows * columns);
      const found = warp(rows, columns, (i, j) => costs[i * columns + j]!);
      expect(found.firstToSecond.every(({ length }) => length > 0)).toBe(true);
      expect(found.secondToFirst.every(({ length }) => length > 0)).toBe(true);
      expect(found.matches.reduce((sum, [i, j]) => sum + costs[i * columns + j]!, 0)).toBe(found.cost);
    }
  });

  it('refuses a sequence without elements', () => {
    expect(() => warp(0, 3, () => 0)).toThrow('0 and 3');
  });
});

describe('alignTokens', () => {
  it('sets pieces against the word that they make', () => {
    const { secondToFirst } = alignTokens(['\u0120un', 'do', 'ing'], ['\u2581undo', 'ing']);
    expect(secondToFirst).toEqual([[0, 1], [2]]);
  });

  it('rewrites spellings of the byte alphabet', () => {
    expect(respell(['it\u00e2\u0122\u013bs', '\u010a\u010a'])).toEqual(['it\u2019s', '<0x0A><0x0A>']);
  });
});

describe('alignByOffsets', () => {
  it('pairs tokens that share characters', () => {
    const { firstToSecond, secondToFirst } = alignByOffsets([0, 0, 0, 3, 3, 6], [0, 2, 2, 6, 6, 6]);
    expect(firstToSecond).toEqual([[], [0, 1], [1]]);
    expect(secondToFirst).toEqual([[1], [1, 2], []]);
  });

  it('refuses half of a pair', () => {
    expect(() => alignByOffsets([0], [])).toThrow('pairs of start and end');
  });
});

const base = { tokens: ['<unk>', '\u2581go', '\u2581going', 'ing', '\u2581stop'], marker: '\u2581' };
const blending = { tokens: ['<unk>', '\u0120go', 'ing', '\u0120stops', undefined], marker: '\u0120' };

describe('vocabulary maps', () => {
  it('counts pairs and maps by them', () => {
    const counts: AlignmentCounts = new Map();
    countAlignment(counts, [2, 1], [1, 2, 1], [[0, 1], [2]]);
    expect(transposeCounts(counts)).toEqual(
      new Map([
        [
          1,
          new Map([
            [2, 1],
            [1, 1],
          ]),
        ],
        [2, new Map([[2, 1]])],
      ]),
    );
    const mapping = mapVocabularyByCounts(base, blending, counts, { fixed: [[3, 2]] });
    expect([...mapping]).toEqual([0, 1, 2, 2, 0]);
    expect(() => countAlignment(counts, [1], [1], [])).toThrow('1 lists');
    expect(() => mapVocabularyByCounts(base, blending, counts, { fixed: [[9, 0]] })).toThrow('ids below 5');
  });

  it('inverts, the last partner first', () => {
    expect([...invertMapping([0, 2, 2], 4, 3)]).toEqual([0, 3, 2, 3]);
    expect(() => invertMapping([5], 3)).toThrow('ids below 3, got 5');
  });

  it('maps by equal text, else by the nearest one', () => {
    expect([...mapVocabularyByText(blending, base)]).toEqual([0, 1, 3, 4, -1]);
    expect(() => mapVocabularyByText(blending, { tokens: [], marker: '' })).toThrow('a vocabulary with tokens');
  });

  it('finds the same nearest text as a full search', () => {
    const random = mulberry32(9);
    const draw = () => String.fromCharCode(...random.integers(97, 100, random.integers(1, 8, 1)[0]!));
    const to = { tokens: Array.from({ length: 60 }, draw), marker: '_' };
    const from = { tokens: Array.from({ length: 60 }, draw), marker: '_' };
    const distances = (text: string) => to.tokens.map((other) => warpFreeDistance(text, other));
    for (const [id, found] of mapVocabularyByText(from, to).entries()) {
      const all = distances(from.tokens[id]!);
      expect(found).toBe(all.indexOf(Math.min(...all)));
    }
  });
});

/** Recursive edit distance, for short texts. */
function warpFreeDistance(left: string, right: string): number {
  if (left === '' || right === '') return left.length + right.length;
  if (left[0] === right[0]) return warpFreeDistance(left.slice(1), right.slice(1));
  return (
    1 +
    Math.min(
      warpFreeDistance(left.slice(1), right),
      warpFreeDistance(left, right.slice(1)),
      warpFreeDistance(left.slice(1), right.slice(1)),
    )
  );
}

describe('transferDistributions', () => {
  const baseText: ModelText = { ...base, ids: [2, 4] };
  const blendingText: ModelText = { ...blending, ids: [1, 2, 3] };
  const steps = [
    { ids: [1, 2], logits: [3, 2] },
    { ids: [3, 1], logits: [5, 4] },
    { ids: [2, 3], logits: [7, 6] },
  ];
  const mapping = [0, 1, 3, 4];

  it('gives the next token to a base token with several partners', () => {
    const found = transferDistributions(baseText, blendingText, steps, [[0, 1], [2]], { mapping });
    expect(found).toEqual([
      { ids: [4], logits: [1] },
      { ids: [4], logits: [1] },
    ]);
    expect(transferDistributions(baseText, blendingText, steps, [[0, 1], [2]], { label: 'own' })[0]!.ids).toEqual([2]);
  });

  it('takes the partner that ends alike where it may', () => {
    const [found] = transferDistributions(baseText, blendingText, steps, [[0, 1], [2]], { mapping, several: 'last' });
    expect(found).toEqual({ ids: [4, 1], logits: [5, 4] });
  });

  it('translates by text only, or by the mapping only', () => {
    const texts = { ...blendingText, texts: ['\u0120going', 'x', 'y'] };
    const one = (policy: 'hard' | 'soft') =>
      transferDistributions({ ...base, ids: [2] }, texts, steps, [[0]], { policy, mapping: [0, 4, 3, 4] })[0];
    expect(one('hard')).toEqual({ ids: [1, 3], logits: [3, 2] });
    expect(one('soft')).toEqual({ ids: [4, 3], logits: [3, 2] });
  });

  it('refuses missing steps and lists', () => {
    expect(() => transferDistributions(baseText, blendingText, [], [[0], [1]])).toThrow('3 steps');
    expect(() => transferDistributions(baseText, blendingText, steps, [[0]])).toThrow('2 lists');
  });
});
