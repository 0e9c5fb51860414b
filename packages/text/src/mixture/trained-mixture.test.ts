import { mulberry32, type RandomSource } from '@tesserae/core/data';
import { describe, expect, it } from 'vitest';
import { trainBpe } from '../training/bpe/train-bpe';
import { inferMixture } from './infer-mixture';
import { countMergedPairs, type Merge } from './pair-history';

/** Letters of all languages, each of which likes some better than others. */
const letters = [...'abcdefghijklmnop'];

/** A language: words of letters that it likes, the frequent ones first. */
function wordsOf(random: RandomSource): string[] {
  const order = Array.from(random.permutation(letters.length), (place) => letters[place]!);
  const words = new Set<string>();
  while (words.size < 200) {
    const length = random.integers(2, 9, 1)[0]!;
    words.add(Array.from(random.uniform(length), (draw) => order[Math.floor(draw ** 1.7 * order.length)]!).join(''));
  }
  return [...words];
}

/** A text in a language, as counts of its words: few are frequent, many are rare. */
function textOf(words: readonly string[], size: number, random: RandomSource): Map<string, number> {
  const counts = new Map<string, number>();
  for (const draw of random.uniform(size)) {
    const word = words[Math.floor(draw ** 3 * words.length)]!;
    counts.set(word, (counts.get(word) ?? 0) + 1);
  }
  return counts;
}

const pairsOf = (text: ReadonlyMap<string, number>): number =>
  [...text].reduce((sum, [word, count]) => sum + (word.length - 1) * count, 0);

/** Trains a tokenizer on texts that have the given shares of all pairs. */
function trainOnMixture(texts: readonly ReadonlyMap<string, number>[], shares: readonly number[]): readonly Merge[] {
  const mixed = new Map<string, number>();
  for (const [place, text] of texts.entries()) {
    const weight = (shares[place]! * 1e7) / pairsOf(text);
    for (const [word, count] of text) {
      const share = Math.round(count * weight);
      if (share > 0) mixed.set(word, (mixed.get(word) ?? 0) + share);
    }
  }
  const training = trainBpe(mixed, { vocabularySize: letters.length + 130 });
  let step = training.next();
  while (!step.done) step = training.next();
  return step.value.merges;
}

describe('inferMixture of a trained tokenizer', () => {
  it.each([
    ['two', [0.7, 0.3]],
    ['five', [0.4, 0.25, 0.2, 0.1, 0.05]],
  ])('finds the shares of %s languages from other texts in them', (_, shares) => {
    const random = mulberry32(shares.length);
    const languages = shares.map(() => wordsOf(random));
    const merges = trainOnMixture(
      languages.map((words) => textOf(words, 30_000, random)),
      shares,
    );
    const categories = Object.fromEntries(
      languages.map((words, place) => {
        const sample = [...textOf(words, 30_000, random)].map(([word, count]) => ({ symbols: [...word], count }));
        return [`language ${place}`, countMergedPairs(sample, merges)];
      }),
    );
    const found = inferMixture({ merges, categories });
    for (const [place, share] of shares.entries()) {
      expect(Math.abs(found.shares[`language ${place}`]! - share)).toBeLessThan(0.02);
    }
    // All constraints at once: the same program without the search for those that matter.
    const few = { merges, categories, maxMerges: 5 };
    const full = inferMixture({ ...few, rivalsPerMerge: 1e9, constraintsPerRound: 1e9 });
    const lazy = inferMixture({ ...few, rivalsPerMerge: 2, constraintsPerRound: 5 });
    expect(lazy.violations).toBeCloseTo(full.violations, 4);
  });
});
