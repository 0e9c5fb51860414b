import { describe, expect, it } from 'vitest';
import { finishTraining } from './progress';
import { trainWordLevel } from './word-level';
import { trainWordPiece } from './word-piece';

const words = new Map([
  ['b', 2],
  ['a', 2],
  ['often', 9],
  ['once', 1],
]);

describe('trainWordLevel', () => {
  it('takes the most frequent words, of equals the first by code points', () => {
    const { vocabulary } = finishTraining(trainWordLevel(words, { specialTokens: ['<unk>'], vocabularySize: 4 }));
    expect([...vocabulary]).toEqual([
      ['<unk>', 0],
      ['often', 1],
      ['a', 2],
      ['b', 3],
    ]);
  });

  it('leaves out rare words', () => {
    const { vocabulary } = finishTraining(trainWordLevel(words, { minimumFrequency: 2 }));
    expect([...vocabulary.keys()]).toEqual(['often', 'a', 'b']);
  });

  it('refuses options out of their ranges', () => {
    expect(() => finishTraining(trainWordLevel(words, { vocabularySize: -1 }))).toThrow('vocabularySize');
    expect(() => finishTraining(trainWordLevel(words, { minimumFrequency: -1 }))).toThrow('minimumFrequency');
  });
});

describe('trainWordPiece', () => {
  it('marks what continues a word with ## or another prefix', () => {
    const one = new Map([['aab', 3]]);
    const { tokens, continuingSubwordPrefix } = finishTraining(trainWordPiece(one));
    expect(tokens).toEqual(['a', 'b', '##a', '##b', 'aa', 'aab']);
    expect(continuingSubwordPrefix).toBe('##');
    expect(finishTraining(trainWordPiece(one, { continuingSubwordPrefix: '@' })).tokens).toContain('@b');
  });
});
