import { mulberry32 } from '@tesserae/core/data';
import { describe, expect, it } from 'vitest';
import { textEditDistance } from '../edit-distance/edit-distance';
import { fromSentencePiece } from '../sentencepiece/sentencepiece';
import { trainUnigram } from '../training/unigram/train-unigram';
import { compoundModelFile } from './compound-model';
import { dictionaryDecompounder } from './dictionary-decompounder';
import { applyEdits, byteEditLabels } from './edit-labels';
import { hyphenTask } from './hyphen-task';
import { segmentCompoundText } from './segment-words';
import { splitByParts } from './split-by-parts';
import { compoundTrainingParts, countCompoundWords } from './training-parts';

describe('segmentCompoundText', () => {
  it('keeps one space of separators and takes signs together', () => {
    const words = segmentCompoundText('Hello,  world!?\n\t(ﬁne)').map(({ prefix, text }) => prefix + text);
    expect(words).toEqual(['Hello', ',', ' world', '!?', ' (', 'fine', ')']);
    expect(segmentCompoundText(' \n ')).toEqual([]);
    expect(segmentCompoundText('')).toEqual([]);
  });
  it('takes text with a word that is too long as noise', () => {
    expect(segmentCompoundText('ab abcd', 3)).toEqual([]);
    expect(segmentCompoundText('😀😀 b', 2)).toHaveLength(2);
    expect(segmentCompoundText('\ud800', 2)).toEqual([{ prefix: '', text: '\ud800' }]);
    expect(() => segmentCompoundText('a', Number.NaN)).toThrow(/maxLength/);
  });
});

describe('hyphenTask', () => {
  it('removes hyphens and adapts the case behind them', () => {
    expect(hyphenTask('San-Francisco', { caseProbability: 1 })).toEqual({
      input: 'Sanfrancisco',
      target: 'San-francisco',
    });
    expect(hyphenTask('USA-reise', { caseProbability: 1 })).toEqual({ input: 'USAReise', target: 'USA-Reise' });
    expect(hyphenTask('San-Francisco', { caseProbability: 0 }).input).toBe('SanFrancisco');
    expect(hyphenTask('a-1', { caseProbability: 1 }).target).toBe('a-1');
  });
  it('draws how often', () => {
    const random = mulberry32(2);
    const inputs = Array.from({ length: 500 }, () => hyphenTask('a-B', { random }).input);
    expect(inputs.filter((input) => input === 'ab').length / 500).toBeCloseTo(0.9, 1);
  });
  it('rejects what makes no task', () => {
    expect(() => hyphenTask('-a', { caseProbability: 1 })).toThrow(/inside/);
    expect(() => hyphenTask('a-', { caseProbability: 1 })).toThrow(/inside/);
    expect(() => hyphenTask('a-b')).toThrow(/random/);
    expect(() => hyphenTask('a-b', { caseProbability: 2 })).toThrow(/caseProbability/);
  });
});

describe('byteEditLabels', () => {
  it.each([
    ['Haustür', 'Haus-tür', 'Haus-Tür'],
    ['kinderzimmer', 'kinder-zimmer', 'kind-zimmer'],
    ['abc', 'abc', 'abc'],
    ['arbeitsamt', 'arbeits-amt', 'arbeit-Amt'],
    // The hyphen and the first letter of the second part both come in front of the same byte.
    ['schulende', 'schul-ende', 'schule-xende'],
    ['ab', 'a-b', 'a-cdb'],
  ])('of %s reach the normalized form', (word, segmented, normalized) => {
    const rounds = byteEditLabels(word, segmented, normalized);
    const last = rounds.at(-1)!;
    const bytes = applyEdits(last.ids, last.labels)
      .slice(0, -1)
      .map((id) => id - 3);
    expect(new TextDecoder().decode(Uint8Array.from(bytes))).toBe(normalized);
  });
  it('takes rounds where edits collide', () => {
    expect(byteEditLabels('ab', 'a-b', 'a-cdb').length).toBeGreaterThan(1);
    expect(byteEditLabels('kinderzimmer', 'kinder-zimmer', 'kind-zimmer')).toHaveLength(1);
  });
  it('says what is wrong', () => {
    expect(() => byteEditLabels('ab', 'a-b', 'ab')).toThrow(/2 parts/);
    expect(() => applyEdits([4], [])).toThrow(/labels/);
    expect(applyEdits([4], [[0, 5, 1]])).toEqual([5]);
  });
});

describe('splitByParts', () => {
  it('splits where the parts fit', () => {
    expect(splitByParts('arbeitszimmer', ['arbeit', 'zimmer'])).toEqual(['arbeits', 'zimmer']);
    expect(splitByParts('Kinderzimmer', ['kind', 'Zimmer'])).toEqual(['Kinder', 'zimmer']);
    expect(splitByParts('ab', ['ab', ''])).toBeUndefined();
    expect(splitByParts('', ['a', 'b'])).toBeUndefined();
    expect(splitByParts('abcdefgh', ['a'])).toBeUndefined();
  });
  it('finds what a search through all splits finds', () => {
    const random = mulberry32(9);
    const draw = (most: number) =>
      Array.from(random.integers(0, 3, random.integers(1, most, 1)[0]!), (at) => 'abc'[at]!).join('');
    for (let trial = 0; trial < 150; trial += 1) {
      const word = draw(9);
      const parts = [draw(5), draw(5)];
      const distances = Array.from({ length: word.length + 1 }, (_, at) =>
        at <= 2 * parts[0]!.length && word.length - at <= 2 * parts[1]!.length
          ? textEditDistance(word.slice(0, at), parts[0]!) + textEditDistance(word.slice(at), parts[1]!)
          : Infinity,
      );
      const best = Math.min(...distances);
      for (const preferPrefix of [false, true]) {
        const found = splitByParts(word, parts, { preferPrefix });
        if (!found) continue;
        expect(found.join('')).toBe(word);
        expect(distances[found[0]!.length]).toBe(best);
      }
    }
  });
});

const counts = new Map(
  Object.entries({ arbeit: 900, zimmer: 500, kind: 700, kinder: 300, bad: 400, badezimmer: 2, tisch: 50 }),
);

describe('dictionaryDecompounder', () => {
  const decompound = dictionaryDecompounder(counts);
  it('finds known parts and what links them', () => {
    expect(decompound('Arbeitszimmer')).toEqual(['Arbeit', 'zimmer']);
    expect(decompound('kindertisch')).toEqual(['kind', 'tisch']);
    expect(decompound('badezimmer')).toEqual(['bad', 'zimmer']);
    expect(decompound('zimmer')).toEqual(['zimmer']);
    expect(decompound('xyz')).toEqual(['xyz']);
    expect(decompound('')).toEqual(['']);
    expect(decompound('zimmers')).toEqual(['zimmers']);
  });
  it('keeps words together that are frequent themselves', () => {
    const frequent = new Map([...counts, ['badezimmer', 5000]]);
    expect(dictionaryDecompounder(frequent)('badezimmer')).toEqual(['badezimmer']);
  });
  it('keeps to its limits', () => {
    const own = dictionaryDecompounder(counts, { maxParts: 1, linkingElements: [] });
    expect(own('arbeitzimmer')).toEqual(['arbeitzimmer']);
    expect(() => dictionaryDecompounder(new Map([['a', 0]]))).toThrow(/count of a/);
    expect(() => dictionaryDecompounder(counts, { maxParts: 0 })).toThrow(/maxParts/);
  });
});

describe('compoundTrainingParts', () => {
  const words = new Map([
    [' Arbeitszimmer', 40],
    ['Kinderzimmer', 33],
    ['zimmer', 16],
    ['selten', 15],
    ['Haus-Tür', 48],
    ['!!', 64],
    [' ' + 'x'.repeat(31), 99],
  ]);
  it('counts stretches of the words as they are written', () => {
    const parts = compoundTrainingParts(words, { decompound: dictionaryDecompounder(counts) });
    expect(Object.fromEntries(parts)).toEqual({
      '▁Arbeits': 2,
      Kinder: 2,
      zimmer: 2 + 2 + 1,
      'Haus-Tür': 3,
      '!!': 4,
    });
  });
  it('keeps words whole without a decompounder', () => {
    expect([...compoundTrainingParts(words).keys()]).toEqual([
      '▁Arbeitszimmer',
      'Kinderzimmer',
      'zimmer',
      'Haus-Tür',
      '!!',
    ]);
    expect(() => compoundTrainingParts(words, { resolution: 0 })).toThrow(/resolution/);
  });
  it('makes tokenizers that keep to the parts', () => {
    const texts = ['Das Arbeitszimmer und Kinderzimmer', 'ein Zimmer, ein Kind: kein Tisch'];
    const counted = countCompoundWords(texts.flatMap((text) => Array.from({ length: 20 }, () => text)));
    expect(counted.get(' Arbeitszimmer')).toBe(20);
    const parts = compoundTrainingParts(counted, { decompound: dictionaryDecompounder(counts) });
    const training = trainUnigram(parts, { vocabularySize: 60 });
    let step = training.next();
    while (!step.done) step = training.next();
    const tokenizer = fromSentencePiece(compoundModelFile(step.value));
    const text = 'ein  Zimmer';
    expect(tokenizer.decode(tokenizer.encode(text).ids)).toBe(text);
    const pieces = tokenizer.encode('Das Arbeitszimmer', { offsets: 'utf16' }).tokens!;
    expect(pieces.join('').replaceAll('▁', ' ')).toBe('Das Arbeitszimmer');
    // No piece spans the two parts.
    expect(pieces.some((piece) => piece.includes('sz'))).toBe(false);
  });
});
