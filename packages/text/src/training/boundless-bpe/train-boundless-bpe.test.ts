import { mulberry32 } from '@tesserae/core/data';
import { describe, expect, it } from 'vitest';
import type { BoundlessBpeModel } from '../../boundless-bpe/model';
import { boundlessBpeTokenizer } from '../../boundless-bpe/tokenizer';
import { trainBpe } from '../bpe/train-bpe';
import { finishTraining } from '../progress';
import { createDocuments } from './documents';
import type { BoundlessBpeTrainingOptions } from './settings';
import { trainBoundlessBpe } from './train-boundless-bpe';

const pattern = ' ?[a-z]+| ';

function train(texts: readonly string[], options: BoundlessBpeTrainingOptions): BoundlessBpeModel {
  const documents = createDocuments({ pattern, ...options });
  for (const text of texts) documents.add(text);
  return finishTraining(trainBoundlessBpe(documents, { pattern, ...options }));
}

/** Few letters, so that words and phrases repeat, with runs of equal ones. */
function randomTexts(seed: number): string[] {
  const random = mulberry32(seed);
  return Array.from({ length: 12 }, () => {
    const words = Array.from({ length: 14 }, () => {
      const letters = random.integers(0, 3, 1 + random.integers(0, 4, 1)[0]!);
      return Array.from(letters, (letter) => 'abc'[letter]!).join('');
    });
    return words.join(' ');
  });
}

/** Every event, by counting all pairs anew each time: ASCII only. */
function naive(texts: readonly string[], options: BoundlessBpeTrainingOptions): string[] {
  const { vocabularySize = 300, deletionThreshold = 0.9, supermerges = true, split = 'bytes' } = options;
  const pieces = texts.map((text) => text.match(/ ?[a-z]+| /g)!);
  const words = new Map<string, { tokens: string[]; count: number }>();
  for (const piece of pieces.flat()) {
    const known = words.get(piece) ?? { tokens: [...piece], count: 0 };
    known.count += 1;
    words.set(piece, known);
  }
  const vocabulary = new Set(Array.from({ length: 256 }, (_, byte) => String.fromCharCode(byte)));
  const open = new Set<string>();
  const firstPairs = new Map<string, [string, string]>();
  const events: string[] = [];

  const bestOf = (sequences: Iterable<{ tokens: string[]; count: number }>, mayMerge: (token: string) => boolean) => {
    const counts = new Map<string, number>();
    for (const { tokens, count } of sequences) {
      let skips = false;
      for (let at = 0; at + 1 < tokens.length; at += 1) {
        const [left, right] = [tokens[at]!, tokens[at + 1]!];
        if (!mayMerge(left) || !mayMerge(right) || (skips && left === right)) {
          skips = false;
          continue;
        }
        skips = left === right;
        counts.set(`${left}|${right}`, (counts.get(`${left}|${right}`) ?? 0) + count);
      }
    }
    let best: { left: string; right: string; count: number } | undefined;
    for (const [key, count] of counts) {
      const [left, right] = key.split('|') as [string, string];
      if (vocabulary.has(left + right)) continue;
      const comesBefore = best && (left < best.left || (left === best.left && right < best.right));
      if (!best || count > best.count || (count === best.count && comesBefore)) best = { left, right, count };
    }
    return best;
  };
  const merge = (tokens: string[], left: string, right: string) => {
    for (let at = 0; at + 1 < tokens.length; at += 1) {
      if (tokens[at] === left && tokens[at + 1] === right) tokens.splice(at, 2, left + right);
    }
  };
  const partsOf = (token: string): string[] =>
    split === 'bytes'
      ? [...token]
      : firstPairs.get(token)!.flatMap((part) => (vocabulary.has(part) ? [part] : partsOf(part)));

  while (vocabulary.size < vocabularySize) {
    const word = bestOf(words.values(), () => true);
    const documents = pieces.map((tokens) => ({ tokens, count: 1 }));
    const phrase = supermerges ? bestOf(documents, (token) => open.has(token)) : undefined;
    if ((word?.count ?? 0) <= (phrase?.count ?? 0)) {
      if (!phrase) break;
      for (const tokens of pieces) merge(tokens, phrase.left, phrase.right);
      open.add(phrase.left + phrase.right);
      vocabulary.add(phrase.left + phrase.right);
      events.push(`super ${phrase.left}|${phrase.right}`);
      continue;
    }
    const { left, right, count } = word!;
    const all = [...words.values()].flatMap(({ tokens, count: times }) => tokens.map((token) => ({ token, times })));
    const occurrences = (token: string) => all.reduce((sum, one) => sum + (one.token === token ? one.times : 0), 0);
    const shares = [left, right].map((token) => ({ token, share: count / occurrences(token) }));
    const merged = left + right;
    let hasWhole = false;
    for (const { tokens } of words.values()) {
      const before = tokens.length;
      merge(tokens, left, right);
      hasWhole ||= before > 1 && tokens.length === 1;
    }
    events.push(`merge ${left}|${right}`);
    vocabulary.add(merged);
    if (!firstPairs.has(merged)) firstPairs.set(merged, [left, right]);
    for (const { token, share } of shares) {
      if (token.length === 1 || share < deletionThreshold) continue;
      const parts = partsOf(token);
      for (const sequence of words.values()) {
        sequence.tokens = sequence.tokens.flatMap((one) => (one === token ? parts : [one]));
      }
      events.push(`delete ${token}`);
      if (options.deletedTokens === 'free') vocabulary.delete(token);
    }
    if (hasWhole && /^(?=.+[a-z])[a-z ]+$/.test(merged)) open.add(merged);
  }
  return events;
}

function eventsOf(model: BoundlessBpeModel): string[] {
  const shown = (token: string): string => token.replaceAll('Ġ', ' ');
  const events: string[] = [];
  for (const { time, left, right } of model.merges) events[time] = `merge ${shown(left)}|${shown(right)}`;
  for (const { time, token } of model.deletions) events[time] = `delete ${shown(token)}`;
  for (const { time, left, right } of model.supermerges) events[time] = `super ${shown(left)}|${shown(right)}`;
  return events;
}

describe('trainBoundlessBpe', () => {
  it('does what counting anew does, with every option', () => {
    const settings: readonly BoundlessBpeTrainingOptions[] = [
      {},
      { deletionThreshold: 0.6 },
      { deletionThreshold: 0.5, split: 'pair' },
      { deletionThreshold: 0.6, deletedTokens: 'free' },
      { deletionThreshold: 0.6, deletedTokens: 'free', split: 'pair' },
      { deletionThreshold: 0.6, supermerges: false },
      { deletionThreshold: 1.1 },
    ];
    const seen = new Set<string>();
    for (const [index, setting] of settings.entries()) {
      for (let seed = 1; seed <= 4; seed += 1) {
        const texts = randomTexts(seed * 100 + index);
        const options = { vocabularySize: 310, ...setting };
        const events = eventsOf(train(texts, options));
        expect(events).toEqual(naive(texts, options));
        for (const event of events) seen.add(event.split(' ')[0]!);
      }
    }
    expect([...seen].sort()).toEqual(['delete', 'merge', 'super']);
  });

  it('is byte-pair encoding without deletions and supermerges', () => {
    // The best pair has another count than all others at every step: nothing is tied.
    const words = new Map([
      ['ab', 10],
      ['abc', 7],
      ['xy', 40],
      ['xyz', 23],
      ['abxy', 3],
    ]);
    const texts = [...words].flatMap(([word, count]) => new Array<string>(count).fill(word));
    const options = { deletionThreshold: 1.1, supermerges: false, vocabularySize: 256 + 5 };
    const { merges } = train(texts, options);
    const ordinary = finishTraining(trainBpe(words, { maximumMerges: 5 }));
    expect(merges.map(({ left, right }) => [left, right])).toEqual(ordinary.merges);
  });

  it('gives a model that encodes the corpus as it was split in the end', () => {
    for (const deletedTokens of ['keep', 'free'] as const) {
      for (const split of ['pair', 'bytes'] as const) {
        const texts = randomTexts(9);
        const model = train(texts, { vocabularySize: 320, deletionThreshold: 0.6, split, deletedTokens });
        expect(model.tokens).toHaveLength(320);
        const tokenizer = boundlessBpeTokenizer(model, { split });
        for (const text of texts) {
          const { ids } = tokenizer.encode(text);
          expect(tokenizer.decode(ids)).toBe(text);
          expect(ids.length).toBeLessThan(text.length / 2);
        }
      }
    }
  });

  it('keeps special tokens behind the others, and stops at the least frequency', () => {
    const model = train(['ab ab ab', 'cd'], { minimumFrequency: 2, specialTokens: ['<|end|>'] });
    expect(model.specialTokens.get('<|end|>')).toBe(model.tokens.length);
    expect(model.tokens).not.toContain('cd');
    expect(model.tokens).toContain('ab');
  });

  it('refuses options out of their ranges', () => {
    expect(() => train([], { vocabularySize: 255 })).toThrow('vocabularySize');
    expect(() => train([], { minimumFrequency: 0 })).toThrow('minimumFrequency');
    expect(() => train([], { deletionThreshold: 0 })).toThrow('deletionThreshold');
  });
});
