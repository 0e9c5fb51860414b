import { describe, expect, it } from 'vitest';
import { finishTraining } from '../progress';
import { trainTokenizer } from '../train-tokenizer';
import { splitUnits, unitEndOf } from './text-units';
import { trainUnitBpe } from './train-unit-bpe';

const aksharas = (text: string): string[] => splitUnits(text, unitEndOf('akshara'));

describe('aksharas', () => {
  it('keep marks, conjuncts and joiners together', () => {
    expect(aksharas('क्षत्रिय')).toEqual(['क्ष', 'त्रि', 'य']);
    expect(aksharas('কর্ম')).toEqual(['ক', 'র্ম']);
    expect(aksharas('நட்பு')).toEqual(['ந', 'ட்', 'பு']);
    expect(aksharas('ශ්‍රී')).toEqual(['ශ්‍රී']);
    expect(aksharas('e\u0301a😀b')).toEqual(['e\u0301', 'a', '😀', 'b']);
    expect(aksharas('ac')).toEqual(['a', 'c']);
  });
});

const lines = [
  'क्षत्रिय कार्य करता है',
  'किताब की कीमत क्या है',
  'राम ने किताब पढ़ी',
  'कृष्ण की किताब',
  'त्रिकोण और क्षेत्र',
].flatMap((line) => Array.from({ length: 3 }, () => line));

/** Where a token begins or ends inside an akshara of a text. */
function splitAksharas(text: string, tokens: readonly string[]): string[] {
  const ends = new Set<number>();
  let at = 0;
  for (const akshara of aksharas(text)) ends.add((at += akshara.length));
  let end = 0;
  return tokens.filter((token) => !ends.has((end += token.length)));
}

describe('training with aksharas', () => {
  it('gives BPE tokens that split none', () => {
    const options = { algorithm: 'bpe', vocabularySize: 120, preTokenizer: { type: 'Whitespace' } } as const;
    const safe = trainTokenizer(lines, { ...options, unit: 'akshara' });
    const ordinary = trainTokenizer(lines, { ...options, vocabularySize: 45 });
    let ordinarySplits = 0;
    for (const word of new Set(lines.join(' ').split(' '))) {
      const tokensOf = (tokenizer: typeof safe) => tokenizer.encode(word, { offsets: 'utf16' }).tokens!;
      expect(splitAksharas(word, tokensOf(safe))).toEqual([]);
      ordinarySplits += splitAksharas(word, tokensOf(ordinary)).length;
    }
    expect(ordinarySplits).toBeGreaterThan(0);
  });

  it('refuses a vocabulary that is too small', () => {
    const words = new Map([['क्षत्रिय', 2]]);
    expect(() => finishTraining(trainUnitBpe(words, { unit: 'akshara', vocabularySize: 5 }))).toThrow(
      'for the aksharas of the corpus',
    );
  });

  it('gives Unigram pieces that split none', () => {
    const tokenizer = trainTokenizer(lines, {
      algorithm: 'unigram',
      vocabularySize: 45,
      unit: 'akshara',
      unknownToken: '<unk>',
      preTokenizer: { type: 'Whitespace' },
    });
    for (const word of new Set(lines.join(' ').split(' '))) {
      const { tokens } = tokenizer.encode(word, { offsets: 'utf16' });
      expect(splitAksharas(word, tokens!)).toEqual([]);
    }
  });
});
