import { mulberry32, type RandomSource } from '@tesserae/core/data';
import { describe, expect, it } from 'vitest';
import { createLibLearner } from './learner';
import { createLexicon } from './lexicon';
import { huffmanBits, libMetrics } from './metrics';
import { createLibVocabulary, segmentByLexicon, splitChunk } from './segment';
import { trainLib } from './train-lib';

describe('createLexicon', () => {
  it('moves, removes and finds', () => {
    const lexicon = createLexicon(['a', 'b', 'ab', 'abc', 'c']);
    lexicon.move('abc', -99);
    expect(lexicon.chunks()).toEqual(['abc', 'a', 'b', 'ab', 'c']);
    lexicon.move('a', 2);
    expect(lexicon.chunks()).toEqual(['abc', 'b', 'ab', 'a', 'c']);
    lexicon.move('abc', 3);
    expect(lexicon.rank('abc')).toBe(0);
    lexicon.move('a', 2);
    expect(lexicon.chunks()).toEqual(['abc', 'b', 'ab', 'c']);
    lexicon.remove(['ab', 'x']);
    expect(lexicon.matches(['a', 'b', 'c'], 0)).toEqual([3]);
    expect(lexicon.longest(['a', 'b'], 0)).toBe(0);
    expect(() => lexicon.at(9)).toThrow('rank');
    expect(() => lexicon.append('')).toThrow('at least one character');
  });

  it('agrees with a plain list after many moves', () => {
    const random = mulberry32(2);
    const names = Array.from({ length: 40 }, (_, index) => `w${index}`);
    const lexicon = createLexicon(names);
    let list = [...names];
    for (let trial = 0; trial < 300; trial += 1) {
      const name = names[random.integers(0, 40, 1)[0]!]!;
      const step = random.integers(-9, 10, 1)[0]!;
      const from = list.indexOf(name);
      lexicon.move(name, step);
      if (from <= 0 || step === 0) continue;
      list = list.filter((other) => other !== name);
      if (from + step <= list.length) list.splice(Math.max(0, from + step), 0, name);
    }
    expect(lexicon.chunks()).toEqual(list);
    expect(list.map((name) => lexicon.rank(name))).toEqual([...list.keys()]);
  });
});

describe('segmentByLexicon', () => {
  it('prefers the way with fewer chunks, then that with better ranks', () => {
    expect(segmentByLexicon(createLexicon(['a', 'ab', 'bcd', 'c', 'd']), 'abcd')).toEqual(['a', 'bcd']);
    expect(segmentByLexicon(createLexicon(['a', 'bc', 'ab', 'c']), 'abc')).toEqual(['a', 'bc']);
    expect(segmentByLexicon(createLexicon(['ab', 'c', 'a', 'bc']), 'abc')).toEqual(['ab', 'c']);
  });

  it('takes a match without a second one, unless told to do as the official code', () => {
    const lexicon = createLexicon(['the']);
    expect(segmentByLexicon(lexicon, 'the')).toEqual(['the']);
    expect(segmentByLexicon(lexicon, 'the', { officialSingles: true })).toEqual(['t', 'h', 'e']);
  });

  it('splits chunks into better ranked halves', () => {
    const lexicon = createLexicon(['a', 'b', 'ab', 'cd', 'abcd', 'c', 'd']);
    expect(splitChunk(lexicon, 'abcd')).toEqual(['a', 'b', 'cd']);
    expect(splitChunk(lexicon, 'abcd', 1)).toEqual(['ab', 'cd']);
    expect(segmentByLexicon(lexicon, 'cd', { deeper: true })).toEqual(['cd']);
    expect(splitChunk(lexicon, 'q')).toEqual(['q']);
  });

  it('covers any text', () => {
    const lexicon = createLexicon(['a', 'aa', 'b😀', '😀', 'ab']);
    const random = mulberry32(5);
    for (let trial = 0; trial < 100; trial += 1) {
      const text = Array.from(random.integers(0, 5, 12), (index) => ['a', 'b', '😀', '\ud800', 'z'][index]!).join('');
      for (const deeper of [false, true]) expect(segmentByLexicon(lexicon, text, { deeper }).join('')).toBe(text);
    }
    expect(segmentByLexicon(lexicon, '')).toEqual([]);
  });
});

describe('createLibVocabulary', () => {
  it('numbers chunks by rank', () => {
    const vocabulary = createLibVocabulary(['a', 'ab']);
    expect([...vocabulary.encode('abax')]).toEqual([1, 0, -1]);
    expect(vocabulary.decode([1, 0, -1])).toBe('aba\ufffd');
  });
});

const always: RandomSource = { ...mulberry32(1), uniform: (count) => new Float32Array(count) };

describe('createLibLearner', () => {
  it('memorizes characters first and then what stands together', () => {
    const learner = createLibLearner({ random: always, life: 3 });
    learner.read(['ab']);
    expect(learner.lexicon.chunks()).toEqual(['a', 'b']);
    learner.read(['ab']);
    expect(learner.lexicon.has('ab')).toBe(true);
    expect(learner.probation.get('ab')).toEqual({ life: 2, context: ['', ''] });
  });

  it('forgets what does not come again', () => {
    const learner = createLibLearner({ random: always, life: 2 });
    learner.read(['x']);
    learner.read(['y']);
    expect(learner.lexicon.has('x')).toBe(false);
    expect(learner.lexicon.has('y')).toBe(true);
  });

  it('keeps chunks below a length', () => {
    const learner = createLibLearner({ random: always, maxChunkLength: 1 });
    learner.read(['abab', 'abab']);
    expect(learner.lexicon.chunks().toSorted()).toEqual(['a', 'b']);
  });

  it('refuses rates and lives out of range', () => {
    for (const rates of [{ inRate: 2 }, { outRate: -1 }, { updateRate: NaN }, { life: 0 }]) {
      expect(() => createLibLearner({ random: always, ...rates })).toThrow(Object.keys(rates)[0]);
    }
  });
});

describe('trainLib', () => {
  const sentences = Array.from({ length: 40 }, (_, index) =>
    ['thedog', 'thecat', 'adog', 'acat'][index % 4]!.repeat(2),
  );

  it('finds units that shorten text', () => {
    const training = trainLib(sentences, {
      random: mulberry32(3),
      steps: 60,
      articleLength: 20,
      life: 3,
      measureEvery: 20,
    });
    const measured: number[] = [];
    let result = training.next();
    for (; !result.done; result = training.next()) {
      if (result.value.evaluationIndex !== undefined) measured.push(result.value.evaluationIndex);
    }
    expect(measured).toHaveLength(3);
    const segments = segmentByLexicon(createLexicon(result.value), 'thedogthecat');
    expect(segments.length).toBeLessThan(5);
    expect(segments.join('')).toBe('thedogthecat');
  });

  it('refuses nothing to read', () => {
    expect(() => trainLib([], { random: always }).next()).toThrow('sentences');
    expect(() => trainLib(['a'], { random: always, steps: 0 }).next()).toThrow('steps');
  });
});

describe('libMetrics', () => {
  it('counts bits of the best code', () => {
    expect(huffmanBits([1, 1, 2, 4])).toBe(14);
    expect(huffmanBits([7])).toBe(0);
    const metrics = libMetrics(['ab', 'c', 'ab'], 8);
    expect(metrics).toMatchObject({ meanLength: 5 / 3, textBits: 3, modelBits: 7 + 32 });
    expect(metrics.evaluationIndex).toBeCloseTo(5 / 9, 12);
    expect(libMetrics([], 0).descriptionBits).toBe(0);
  });
});
