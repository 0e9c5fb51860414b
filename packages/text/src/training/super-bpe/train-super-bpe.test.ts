import { describe, expect, it } from 'vitest';
import { trainBpe } from '../bpe/train-bpe';
import { finishTraining } from '../progress';
import { trainTokenizer } from '../train-tokenizer';
import { createWordCounter } from '../word-counter';
import { superBpePhrases, superBpeWords } from './pre-tokenizers';
import { trainSuperBpe } from './train-super-bpe';

const lines = [
  'of the people and by the way: of the people in the end of the day\n',
  'by the way of the people: as it is in the end, by the way\n',
  'as it is, 12345 and 67890 of the people in the end of the day of the people\n',
].flatMap((line) => [line, line, line]);

function count(preTokenizer: object) {
  const counter = createWordCounter({ preTokenizer });
  for (const line of lines) counter.add(line);
  return counter.counts();
}

const words = count(superBpeWords);
const phrases = count(superBpePhrases);
const hasSpaceInside = (token: string): boolean => token.slice(1).includes('Ġ');

describe('trainSuperBpe', () => {
  const ordinary = finishTraining(trainBpe(words, { vocabularySize: 55 }));

  it('is byte-pair encoding where the transition is never reached', () => {
    for (const transition of [ordinary.merges.length, 55, Infinity]) {
      const trained = finishTraining(trainSuperBpe(words, phrases, { vocabularySize: 55, transition }));
      expect(trained.tokens).toEqual(ordinary.tokens);
      expect(trained.merges).toEqual(ordinary.merges);
    }
    expect(ordinary.tokens.some(hasSpaceInside)).toBe(false);
  });

  it('keeps the first merges, and then reaches over words', () => {
    const trained = finishTraining(trainSuperBpe(words, phrases, { vocabularySize: 80, transition: 25 }));
    expect(trained.merges.slice(0, 25)).toEqual(ordinary.merges.slice(0, 25));
    expect(trained.tokens).toHaveLength(80);
    const long = trained.tokens.filter(hasSpaceInside);
    expect(long).toContain('ĠofĠtheĠpeople');
    const wordsIn = (token: string) => token.split('Ġ').filter((word) => word !== '').length;
    expect(Math.max(...long.map(wordsIn))).toBeLessThanOrEqual(4);
    expect(long.some((token) => token.includes(':Ġ'))).toBe(false);
    expect(long.some((token) => /\d{4}/.test(token))).toBe(false);
  });

  it('has its limits as options', () => {
    const options = { vocabularySize: 200, transition: 25, longestPhrase: 2, allowColons: true };
    const long = finishTraining(trainSuperBpe(words, phrases, options)).tokens.filter(hasSpaceInside);
    expect(long.every((token) => token.split('Ġ').filter((word) => word !== '').length <= 2)).toBe(true);
    expect(long.some((token) => token.includes(':Ġ'))).toBe(true);
    expect(() => finishTraining(trainSuperBpe(words, phrases, { longestPhrase: 0 }))).toThrow('longestPhrase');
    expect(() => finishTraining(trainSuperBpe(words, phrases, { transition: -1 }))).toThrow('transition');
  });

  it('trains a tokenizer that encodes in phrases', () => {
    const tokenizer = trainTokenizer(lines, { algorithm: 'superbpe', vocabularySize: 90, transition: 25 });
    const text = 'the end of the people';
    const { ids, tokens } = tokenizer.encode(text, { offsets: 'utf16' });
    expect(tokens).toContain('ĠofĠtheĠpeople');
    expect(tokenizer.decode(ids)).toBe(text);
  });
});
