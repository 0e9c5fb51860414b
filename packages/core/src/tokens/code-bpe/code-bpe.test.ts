import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { indexTokens, sampleSource, sampleTokenizer } from '../../../test/arbitrary-tokens';
import { InputError, TokensError, UnsupportedError } from '../../errors/index';
import { mulberry32 } from '../../random/mulberry32';
import type { Json } from '../../signal/signal';
import { Tokens } from '../tokens';
import { codeBpeFromJson, trainCodeBpe } from './code-bpe';
import { codeBpeGain } from './code-bpe-gain';
import { learnMerges, type Merge } from './learn-merges';

function levels(lists: readonly (readonly number[])[], size = 8): Tokens {
  return new Tokens({
    tokenizer: sampleTokenizer,
    source: sampleSource,
    prefixUnit: 'none',
    levels: lists.map((list) => ({
      kind: 'index',
      vocabularySize: size,
      shape: [list.length],
      axes: ['time'],
      data: Int32Array.from(list),
    })),
  });
}

/** Counts all pairs anew for every merge. */
function learnSlowly(lists: readonly (readonly number[])[], firstId: number, most: number, least: number): Merge[] {
  let sequences = lists.map((list) => [...list]);
  const merges: Merge[] = [];
  while (merges.length < most) {
    const counts = new Map<string, number>();
    for (const list of sequences) {
      for (let at = 1; at < list.length; at += 1) {
        if (list[at - 1] === -1 || list[at] === -1) continue;
        const key = `${list[at - 1]} ${list[at]}`;
        counts.set(key, (counts.get(key) ?? 0) + 1);
      }
    }
    const [best] = [...counts]
      .map(([key, count]) => ({ merge: key.split(' ').map(Number) as [number, number], count }))
      .sort((a, b) => b.count - a.count || a.merge[0] - b.merge[0] || a.merge[1] - b.merge[1]);
    if (best === undefined || best.count < least) break;
    const id = firstId + merges.length;
    sequences = sequences.map((list) => {
      const out: number[] = [];
      for (let at = 0; at < list.length; at += 1) {
        const hit = list[at] === best.merge[0] && list[at + 1] === best.merge[1];
        out.push(hit ? id : list[at]!);
        if (hit) at += 1;
      }
      return out;
    });
    merges.push(best.merge);
  }
  return merges;
}

const lists = fc.array(fc.array(fc.integer({ min: -1, max: 3 }), { maxLength: 30 }), { minLength: 1, maxLength: 6 });

describe('trainCodeBpe', () => {
  it('merges as by hand', () => {
    // aaabdaaabac: aa, then aab by the smaller ids, and so on.
    const bpe = trainCodeBpe([indexTokens([0, 0, 0, 1, 3, 0, 0, 0, 1, 0, 2], 4)], { merges: 3 });
    expect(bpe.merges).toEqual([
      [0, 0],
      [0, 1],
      [4, 5],
    ]);
    expect([...bpe.apply(indexTokens([0, 0, 0, 1, 3, 0, 0, 0, 1, 0, 2], 4))]).toEqual([6, 3, 6, 0, 2]);
  });

  it('learns what counting anew learns', () => {
    fc.assert(
      fc.property(lists, fc.integer({ min: 1, max: 4 }), (all, least) => {
        const joined = Int32Array.from(all.flatMap((list) => [...list, -1]));
        expect(learnMerges(joined, 4, 12, least)).toEqual(learnSlowly(all, 4, 12, least));
      }),
      { numRuns: 300 },
    );
  });

  it('never reaches across items, levels or places without a token', () => {
    const items = [
      levels([[1], [2]]),
      levels([[2], [1]]),
      levels([
        [1, -1, 2],
        [3, -1, 3],
      ]),
    ];
    expect(trainCodeBpe(items, { minimumFrequency: 1 }).merges).toEqual([]);
    expect(trainCodeBpe(items, { minimumFrequency: 1, order: 'time' }).merges.length).toBeGreaterThan(0);
  });

  it('does not depend on the order of items', () => {
    fc.assert(
      fc.property(lists, (all) => {
        const items = all.map((list) => indexTokens(list, 4));
        const forward = trainCodeBpe(items, { merges: 9 });
        expect(trainCodeBpe(items.toReversed(), { merges: 9 }).merges).toEqual(forward.merges);
      }),
    );
  });

  it('takes a million tokens and a thousand merges in seconds', () => {
    const random = mulberry32(5);
    const items = Array.from({ length: 1000 }, () => {
      const ids = random.uniform(1000).map((place) => Math.floor(1024 * place ** 3));
      return indexTokens([...ids], 1024);
    });
    const begin = performance.now();
    expect(trainCodeBpe(items, { merges: 1000 }).merges).toHaveLength(1000);
    expect(performance.now() - begin).toBeLessThan(30_000);
  }, 60_000);

  it('refuses what it cannot learn from', () => {
    expect(() => trainCodeBpe([])).toThrow(InputError);
    expect(() => trainCodeBpe([indexTokens([1])], { merges: -1 })).toThrow(InputError);
    expect(() => trainCodeBpe([indexTokens([1])], { minimumFrequency: 0 })).toThrow(InputError);
    expect(() => trainCodeBpe([indexTokens([1]), indexTokens([1], 17)])).toThrow(TokensError);
    const bits = new Tokens({
      ...indexTokens([1]),
      levels: [{ kind: 'bits', bitsPerToken: 1, shape: [1], axes: ['token'], data: Uint8Array.of(1) }],
    });
    expect(() => trainCodeBpe([bits])).toThrow(UnsupportedError);
  });
});

describe('a code BPE', () => {
  const two = fc.integer({ min: 0, max: 12 }).chain((length) =>
    fc.array(fc.array(fc.integer({ min: -1, max: 3 }), { minLength: length, maxLength: length }), {
      minLength: 2,
      maxLength: 2,
    }),
  );

  it('is undone exactly, also after JSON, for tokens that it never saw', () => {
    fc.assert(
      fc.property(
        fc.array(two, { minLength: 1, maxLength: 5 }),
        two,
        fc.constantFrom('level', 'time'),
        (all, other, order) => {
          const bpe = trainCodeBpe(
            all.map((item) => levels(item, 4)),
            { merges: 20, order: order as 'level' },
          );
          const restored = codeBpeFromJson(JSON.parse(JSON.stringify(bpe)) as Json);
          const tokens = levels(other, 4);
          const merged = restored.apply(tokens);
          expect(merged).toEqual(bpe.apply(tokens));
          expect(merged.length).toBeLessThanOrEqual(tokens.length);
          expect(merged.every((id) => id >= -1 && id < bpe.vocabularySize)).toBe(true);
          expect(
            restored.invert(
              merged,
              levels(
                other.map((list) => list.map(() => 0)),
                4,
              ),
            ),
          ).toEqual(tokens);
        },
      ),
      { numRuns: 200 },
    );
  });

  const bpe = trainCodeBpe([indexTokens([1, 2, 1, 2, 3])], { merges: 5 });

  it('belongs to a tokenizer and its weights', () => {
    const other = new Tokens({
      ...indexTokens([1, 2]),
      tokenizer: { ...sampleTokenizer, fingerprint: 'f'.repeat(16) },
    });
    expect(() => bpe.apply(other)).toThrow('got tokens of weights ffffffffffffffff');
    expect(() => bpe.invert(Int32Array.of(1, 2), other)).toThrow(TokensError);
    const system = new Tokens({ ...indexTokens([1, 2]), tokenizer: { ...sampleTokenizer, id: 'image/other' } });
    expect(() => bpe.apply(system)).toThrow('code BPE of image/sample: got tokens of image/other');
    expect(() => bpe.apply(indexTokens([1], 17))).toThrow('expected levels of 16 codes, got 17');
  });

  it('refuses ids that are none, or too many', () => {
    expect(bpe.merges).toEqual([[1, 2]]);
    expect(() => bpe.invert(Int32Array.of(17), indexTokens([0, 0]))).toThrow('ids[0]: expected 0..16 or -1, got 17');
    expect(() => bpe.invert(Int32Array.of(16), indexTokens([0]))).toThrow('stand for 1 ids, got 2');
    const split = trainCodeBpe(
      [
        levels([
          [1, 2],
          [3, 3],
        ]),
      ],
      { merges: 0 },
    );
    expect(() =>
      split.invert(
        Int32Array.of(1, 2, 3, 3),
        levels([
          [0, 0],
          [0, 0],
        ]),
      ),
    ).toThrow(TokensError);
  });

  it('refuses JSON that contradicts itself', () => {
    const json = JSON.parse(JSON.stringify(bpe)) as Record<string, Json>;
    expect(() => codeBpeFromJson({ ...json, version: 2 })).toThrow(
      'expected tesserae-code-bpe 1, got tesserae-code-bpe 2',
    );
    expect(() => codeBpeFromJson({ ...json, order: 'delay' })).toThrow(TokensError);
    expect(() => codeBpeFromJson({ ...json, vocabularySizes: [0] })).toThrow(TokensError);
    expect(() => codeBpeFromJson([])).toThrow(TokensError);
    expect(() => codeBpeFromJson({ ...json, merges: [[1, 16]] })).toThrow(TokensError);
    expect(() =>
      codeBpeFromJson({
        ...json,
        merges: [
          [1, 2],
          [1, 2],
        ],
      }),
    ).toThrow(TokensError);
    expect(() => codeBpeFromJson({ ...json, merges: [[1, -1]] })).toThrow(TokensError);
    // Each merge doubles: 2^60 ids must not be written out.
    const doubling = Array.from({ length: 60 }, (_, rank): Json => [15 + rank, 15 + rank]);
    const bomb = codeBpeFromJson({ ...json, merges: doubling });
    expect(() => bomb.invert(Int32Array.of(75), indexTokens([0]))).toThrow(TokensError);
  });
});

describe('codeBpeGain', () => {
  it('counts tokens and bits before and after', () => {
    const pattern = Array.from({ length: 64 }, (_, index) => index % 4);
    const bpe = trainCodeBpe([indexTokens(pattern)], { merges: 1 });
    const { value, protocol } = codeBpeGain(bpe, [indexTokens([0, 1, 2, 3, 0, 1, 2, 3]), indexTokens([-1, 0, 1])]);
    expect(value).toMatchObject({ tokensBefore: 10, tokensAfter: 7 });
    expect(value.tokensSaved).toBeCloseTo(0.3, 12);
    // 3 0s, 3 1s, 2 2s, 2 3s; then 3 of the merge, 2 2s, 2 3s.
    const bits = (counts: readonly number[]) => {
      const total = counts.reduce((sum, count) => sum + count, 0);
      return counts.reduce((sum, count) => sum + count * Math.log2(total / count), 0);
    };
    expect(value.bitsBefore.plugIn).toBeCloseTo(bits([3, 3, 2, 2]), 9);
    expect(value.bitsAfter.plugIn).toBeCloseTo(bits([3, 2, 2]), 9);
    expect(protocol).toMatchObject({ metric: 'code-bpe-gain', merges: 1, items: 2 });
    expect(codeBpeGain(bpe, []).value).toMatchObject({ tokensSaved: 0, bitsSaved: 0 });
  });
});
