import { describe, expect, it } from 'vitest';
import { finishTraining } from '../progress';
import { type BpeTrainingOptions, trainBpe } from './train-bpe';

/** Numbers 0..below-1, the same ones each time. */
function createNumbers(seed: number) {
  let state = seed;
  return (below: number): number => {
    state = (Math.imul(state, 1_103_515_245) + 12_345) >>> 0;
    return Math.floor((state / 2 ** 32) * below);
  };
}

function randomWords(seed: number): Map<string, number> {
  const next = createNumbers(seed);
  const words = new Map<string, number>();
  for (let index = 0; index < 60; index += 1) {
    let word = '';
    for (let length = 1 + next(9); length > 0; length -= 1) word += 'abcde'[next(5)]!;
    words.set(word, 1 + next(20));
  }
  return words;
}

/** Counts all pairs anew for each merge. */
function naiveMerges(words: ReadonlyMap<string, number>, count: number): [string, string][] {
  const ids = new Map([...new Set([...words.keys()].join(''))].sort().map((character, id) => [character, id]));
  const split = [...words].map(([word, weight]) => ({ tokens: [...word], weight }));
  const merges: [string, string][] = [];
  while (merges.length < count) {
    const counts = new Map<string, number>();
    for (const { tokens, weight } of split) {
      for (let at = 0; at + 1 < tokens.length; at += 1) {
        const key = `${tokens[at]} ${tokens[at + 1]}`;
        counts.set(key, (counts.get(key) ?? 0) + weight);
      }
    }
    let best: [string, string] | undefined;
    let bestCount = 0;
    for (const [key, pairCount] of counts) {
      const pair = key.split(' ') as [string, string];
      const comesBefore = best && (ids.get(pair[0])! - ids.get(best[0])! || ids.get(pair[1])! - ids.get(best[1])!) < 0;
      if (pairCount > bestCount || (pairCount === bestCount && comesBefore)) {
        best = pair;
        bestCount = pairCount;
      }
    }
    if (!best) break;
    merges.push(best);
    const merged = best[0] + best[1];
    if (!ids.has(merged)) ids.set(merged, ids.size);
    for (const { tokens } of split) {
      for (let at = 0; at + 1 < tokens.length; at += 1) {
        if (tokens[at] === best[0] && tokens[at + 1] === best[1]) tokens.splice(at, 2, merged);
      }
    }
  }
  return merges;
}

const train = (words: ReadonlyMap<string, number>, options: BpeTrainingOptions) =>
  finishTraining(trainBpe(words, options));

describe('trainBpe', () => {
  it('merges what counting anew merges', () => {
    for (let seed = 1; seed <= 12; seed += 1) {
      const words = randomWords(seed);
      // Runs such as "aaa" are counted otherwise while they are merged; the words have none.
      for (const word of words.keys()) if (/(.)\1/.test(word)) words.delete(word);
      const { merges } = train(words, { maximumMerges: 12 });
      expect(merges).toEqual(naiveMerges(words, 12));
    }
  });

  it('looks only at words that have the pair', () => {
    const words = randomWords(3);
    const { work, merges } = train(words, { vocabularySize: 60 });
    const symbols = [...words.keys()].join('').length;
    expect(work.merges).toBe(merges.length);
    expect(work.symbols).toBeLessThan(symbols * 12);
  });

  it('goes on where it stopped', () => {
    const words = randomWords(5);
    const whole = train(words, { vocabularySize: 50, specialTokens: ['<s>'] });
    const first = train(words, { vocabularySize: 25, specialTokens: ['<s>'] });
    const rest = train(words, { vocabularySize: 50, specialTokens: ['<s>'], resumeFrom: first });
    expect(first.tokens).toHaveLength(25);
    expect(rest.tokens).toEqual(whole.tokens);
    expect(rest.merges).toEqual(whole.merges);
  });

  it('leaves out tokens that are refused', () => {
    const words = randomWords(7);
    const accepts = (token: string) => token.length < 4;
    const { tokens, merges } = train(words, { vocabularySize: 500, accepts });
    expect(tokens.every(accepts)).toBe(true);
    expect(merges.length).toBeGreaterThan(5);
  });

  it('puts special tokens and the alphabet first, by code point', () => {
    const { tokens } = train(new Map([['b\u{1f600}\uffe0', 3]]), {
      vocabularySize: 6,
      specialTokens: ['[UNK]'],
      initialAlphabet: 'z',
    });
    expect(tokens.slice(0, 5)).toEqual(['[UNK]', 'b', 'z', '\uffe0', '\u{1f600}']);
  });

  it('stops at the least frequency, and keeps the most frequent characters only', () => {
    const words = new Map([
      ['aab', 5],
      ['ax', 1],
    ]);
    expect(train(words, { minimumFrequency: 6 }).merges).toEqual([]);
    expect(train(words, { minimumFrequency: 5 }).merges).not.toEqual([]);
    expect(train(words, { limitAlphabet: 2, maximumMerges: 0 }).tokens).toEqual(['a', 'b']);
  });

  it('marks characters', () => {
    const words = new Map([['ab', 2]]);
    expect(train(words, { continuingSubwordPrefix: '##' }).tokens).toEqual(['a', 'b', '##b', 'ab']);
    expect(train(words, { endOfWordSuffix: '</w>' }).tokens).toEqual(['a', 'b', 'b</w>', 'ab</w>']);
  });

  it('refuses options out of their ranges', () => {
    const words = new Map([['ab', 1]]);
    for (const name of ['vocabularySize', 'minimumFrequency', 'maximumTokenLength', 'maximumMerges', 'limitAlphabet']) {
      expect(() => train(words, { [name]: -1 })).toThrow(`${name}: expected a number from 0`);
    }
    expect(() => train(words, { resumeFrom: { tokens: ['a'], merges: [['a', 'q']] } })).toThrow('resumeFrom.merges[0]');
  });
});
