import { mulberry32 } from '@tesserae/core/data';
import { describe, expect, it } from 'vitest';
import { dynamicBpe, type DynamicBpeOptions } from './dynamic-bpe';
import { createEmbeddingCache } from './embedding-cache';
import { framePair, framePrompt, frameWords, wordIdsOfTokens } from './frame';
import { createLongestPrefixEncoder } from './longest-prefix';
import { mergesForReduction, mergesToMeanLength } from './merge-budget';
import { createMergeTest, punctuationTokens } from './mergeable';

/** Counts everything anew before every merge, as the official code does. */
function recounted(sequences: readonly (readonly string[])[], options: DynamicBpeOptions): string[][] {
  const mayMerge = createMergeTest(options);
  let batch = sequences.map((sequence) => [...sequence]);
  for (let step = 0; step < (options.maxMerges ?? 1000); step += 1) {
    const counts = new Map<string, number>();
    for (const sequence of batch) {
      for (let at = 0; at + 1 < sequence.length; at += 1) {
        if (!mayMerge(sequence[at]!, sequence[at + 1]!)) continue;
        const key = `${sequence[at]} ${sequence[at + 1]}`;
        counts.set(key, (counts.get(key) ?? 0) + 1);
      }
    }
    if (counts.size === 0) break;
    const most = Math.max(...counts.values());
    const [left, right] = [...counts].find(([, count]) => count === most)![0].split(' ');
    batch = batch.map((sequence) => {
      const out: string[] = [];
      for (let at = 0; at < sequence.length; at += 1) {
        const isPair = sequence[at] === left && sequence[at + 1] === right;
        out.push(isPair ? left! + right! : sequence[at]!);
        if (isPair) at += 1;
      }
      return out;
    });
  }
  return batch;
}

describe('dynamicBpe', () => {
  it('merges as recounting does, in every mode', () => {
    const random = mulberry32(11);
    const alphabet = ['a', 'b', 'ab', '\u0120a', '\u0120', '-', '\u010a', 'aa', '<s>', '\u00c3', '\u00a9'];
    for (const boundary of ['pretokens', 'word', 'word_hyphen', 'sentence'] as const) {
      for (let trial = 0; trial < 25; trial += 1) {
        const sequences = Array.from({ length: 4 }, () =>
          Array.from(random.integers(0, alphabet.length, random.integers(0, 30, 1)[0]!), (index) => alphabet[index]!),
        );
        const options = { boundary, maxMerges: trial, punctuation: new Set(['-']) };
        expect(dynamicBpe(sequences, options).tokens).toEqual(recounted(sequences, options));
      }
    }
  });

  it('says where every token begins and how many there are after each merge', () => {
    const { tokens, firstPieces, merges, totals } = dynamicBpe([['x', 'a', 'b', 'a', 'b'], []], { maxMerges: 1 });
    expect(tokens).toEqual([['x', 'ab', 'ab'], []]);
    expect(firstPieces.map((list) => [...list])).toEqual([[0, 1, 3], []]);
    expect(merges).toEqual([['a', 'b']]);
    expect([...totals]).toEqual([5, 3]);
  });

  it('merges overlapping pairs from the left', () => {
    expect(dynamicBpe([['a', 'a', 'a']], { maxMerges: 1 }).tokens).toEqual([['aa', 'a']]);
  });

  it('takes a large batch in moderate time', () => {
    const random = mulberry32(2);
    const sequences = Array.from({ length: 32 }, () =>
      Array.from(random.integers(97, 101, 500), (unit) => String.fromCharCode(unit)),
    );
    expect(dynamicBpe(sequences, { maxMerges: 2000 }).merges).toHaveLength(2000);
  });

  it('refuses empty tokens and negative budgets', () => {
    expect(() => dynamicBpe([['']])).toThrow('an empty token');
    expect(() => dynamicBpe([], { maxMerges: -1 })).toThrow('maxMerges');
    expect(() => dynamicBpe([], { maxMerges: Number.NaN })).toThrow('maxMerges');
  });
});

describe('createMergeTest', () => {
  it('keeps spaces at the beginning of tokens', () => {
    const mayMerge = createMergeTest({ boundary: 'sentence' });
    expect(mayMerge('a', '\u0120b')).toBe(false);
    expect(mayMerge('\u0120', '\u0120')).toBe(true);
    expect(mayMerge('\u010a', '\u010a')).toBe(false);
    expect(mayMerge('\u0120a', 'b')).toBe(true);
    expect(mayMerge('<s>', 'b')).toBe(false);
  });

  it('lets broken characters merge, and refuses what shows no bytes', () => {
    const mayMerge = createMergeTest({ boundary: 'pretokens' });
    expect(mayMerge('\u00e3', '\u0123')).toBe(true);
    expect(mayMerge('a', '.')).toBe(false);
    expect(mayMerge('日', '本')).toBe(false);
  });

  it('puts only hyphens behind words', () => {
    const punctuation = punctuationTokens(['-', '.', 'a', '1.', '#', '\u00b2-']);
    expect([...punctuation]).toEqual(['-', '.']);
    const mayMerge = createMergeTest({ boundary: 'word_hyphen', punctuation });
    expect(mayMerge('a', '-')).toBe(true);
    expect(mayMerge('a', '.')).toBe(false);
    expect(mayMerge('.', '.')).toBe(true);
    expect(createMergeTest({ boundary: 'word', punctuation })('a', '.')).toBe(true);
  });
});

describe('frames', () => {
  it('put special tokens around pieces', () => {
    expect(framePrompt(['a', 'b', 'c'], { maxLength: 3 })).toEqual(['<s>', 'a', 'b']);
    expect(framePair(['a'], ['b'])).toEqual(['<s>', 'a', '</s>', '</s>', 'b', '</s>']);
    const { pieces, wordIds } = frameWords([['a', 'b'], ['c']], { maxLength: 4 });
    expect(pieces).toEqual(['<s>', 'a', 'b', '</s>']);
    expect([...wordIds]).toEqual([-1, 0, 0, -1]);
    expect([...wordIdsOfTokens(wordIds, Int32Array.of(0, 1, 3))]).toEqual([-1, 0, -1]);
    expect(() => frameWords([], { maxLength: 1 })).toThrow('maxLength');
  });
});

describe('merge budgets', () => {
  it('are read from mean lengths', () => {
    const table = mergesToMeanLength([[['a', 'b', 'a', 'b']], [['c']]], { maxMerges: 3 });
    expect([...table]).toEqual([2.5, 1.5, 1, 1]);
    expect(mergesForReduction(table, 0.4)).toBe(1);
    expect(mergesForReduction(table, 0)).toBe(0);
    expect(mergesForReduction(table, 1)).toBe(3);
    expect(() => mergesToMeanLength([])).toThrow('at least one text');
    expect(() => mergesForReduction(table, 2)).toThrow('reduction');
  });
});

describe('createEmbeddingCache', () => {
  it('computes what is missing once and drops what was used longest ago', () => {
    const cache = createEmbeddingCache(2, 1);
    const asked: string[][] = [];
    const compute = (tokens: readonly string[]) => {
      asked.push([...tokens]);
      return { values: Float32Array.from(tokens, (token) => token.charCodeAt(0)), columns: 1 };
    };
    expect([...cache.rows(['a', 'b', 'a'], compute).values]).toEqual([97, 98, 97]);
    cache.rows(['a'], compute);
    cache.rows(['c'], compute);
    expect(asked).toEqual([['a', 'b'], ['c']]);
    expect([cache.has('a'), cache.has('b'), cache.size]).toEqual([true, false, 2]);
    expect(() => cache.rows(['x', 'y', 'z'], compute)).toThrow('at most 2 different tokens');
    expect(() => cache.rows(['q'], () => ({ values: new Float32Array(2), columns: 2 }))).toThrow('1 rows of 1');
    expect(() => createEmbeddingCache(0, 1)).toThrow('capacity');
  });
});

describe('createLongestPrefixEncoder', () => {
  it('takes the longest token each time', () => {
    const encode = createLongestPrefixEncoder(
      new Map([
        ['a', 1],
        ['ab', 2],
        ['abc', 3],
        ['c', 4],
      ]),
    );
    expect(encode('abcabac')).toEqual([3, 2, 1, 4]);
    expect(encode('abx')).toBeUndefined();
    expect(encode('')).toEqual([]);
  });
});
