import { mulberry32 } from '@tesserae/core/data';
import { describe, expect, it } from 'vitest';
import { digamma } from '../numeric/digamma';
import { alignWords } from './align-words';
import { joinWords } from './join-words';
import { mapTokens, parseWordAlignments, type TranslationVocabulary } from './map-tokens';
import { remapEmbeddings } from './remap-embeddings';
import { smoothMapping } from './smooth-mapping';
import { addWordTranslation, type TranslationCounts } from './token-counts';

const plain = (counts: TranslationCounts) =>
  Object.fromEntries(Array.from(counts, ([token, row]) => [token, Object.fromEntries(row)]));

describe('addWordTranslation', () => {
  it('shares one half among all pairs and the other in order', () => {
    const counts: TranslationCounts = new Map();
    addWordTranslation(counts, ['x', 'y'], ['a', 'b', 'c', 'd'], 80);
    expect(plain(counts)).toEqual({ x: { a: 30, b: 30, c: 10, d: 10 }, y: { a: 10, b: 10, c: 30, d: 30 } });
  });

  it('counts at least one', () => {
    const counts: TranslationCounts = new Map();
    addWordTranslation(counts, ['x'], ['a', 'b'], 1);
    expect(plain(counts)).toEqual({ x: { a: 2, b: 2 } });
  });
});

describe('parseWordAlignments', () => {
  it('leaves out empty words and refuses other lines', () => {
    expect(parseWordAlignments('a\tb\t-1\t12.0\n<eps>\tb\t-1\t9\n\n')).toEqual([
      { oldWord: 'a', newWord: 'b', count: 12 },
    ]);
    expect(() => parseWordAlignments('a\tb')).toThrow('alignment line 1');
    expect(() => parseWordAlignments('a\tb\t-1\tmany')).toThrow('alignment line 1');
  });
});

/** Characters of a text, where a space becomes the mark of the next one. */
function characterVocabulary(letters: string, specials: TranslationVocabulary['specials']): TranslationVocabulary {
  const characters = [...letters];
  const tokens = [...Object.values(specials), ...characters, ...characters.map((letter) => `\u2581${letter}`)];
  return { tokens, specials, tokenize: (text) => text.replaceAll(' ', '\u2581').match(/\u2581?[^\u2581]/gu) ?? [] };
}

describe('mapTokens', () => {
  const old = characterVocabulary('ab01', { unknown: '<unk>', begin: '<s>' });
  const latest = characterVocabulary('bc01', { unknown: '<unk>', classifier: '[CLS]', mask: '<mask>' });

  it('counts words, numbers, equal tokens and specials', () => {
    const counts = plain(mapTokens(old, latest, [{ oldWord: '\u2581a', newWord: '\u2581c', count: 40 }]));
    expect(counts['\u2581c']).toEqual({ '\u2581a': 40 });
    expect(counts['b']).toEqual({ b: 1 });
    expect(counts['1']).toEqual({ '1': 3 });
    expect(counts['\u25811']).toEqual({ '\u25811': 2 });
    expect(counts['[CLS]']).toEqual({ '<s>': 1e9 });
    expect(counts['<mask>']).toEqual({ '<unk>': 1e9 });
  });

  it('leaves out rare pairs', () => {
    const counts = mapTokens(old, latest, [{ oldWord: 'a', newWord: 'c', count: 9 }], { minimumCount: 10 });
    expect(counts.has('c')).toBe(false);
  });
});

describe('smoothMapping', () => {
  const counts: TranslationCounts = new Map([
    [
      'ab',
      new Map([
        ['x', 3],
        ['\u2581y', 1],
      ]),
    ],
    ['b', new Map([['z', 1]])],
  ]);

  it('makes unknown tokens of longer ones and of their parts', () => {
    const found = smoothMapping(['a', 'ab', 'cab', 'q'], counts, { unknownToken: '<unk>' });
    expect(found[0]).toEqual({
      token: 'a',
      parts: [
        ['x', 0.6],
        ['\u2581y', 0.4],
      ],
    });
    expect(found[1]!.parts).toEqual([
      ['x', 0.75],
      ['\u2581y', 0.25],
    ]);
    expect(found[2]!.parts).toEqual([
      ['x', 0.6],
      ['\u2581y', 0.4],
    ]);
    expect(found[3]!.parts).toEqual([['<unk>', 1]]);
    expect(counts.size).toBe(2);
  });

  it('gives weights that sum to one', () => {
    for (const { parts } of smoothMapping(['abab', 'ba', 'aba', ''], counts, { unknownToken: '<unk>' })) {
      expect(parts.reduce((sum, [, weight]) => sum + weight, 0)).toBeCloseTo(1, 10);
    }
  });
});

describe('remapEmbeddings', () => {
  const embeddings = { values: Float32Array.of(1, 3), columns: 1 };
  it('mixes rows by weight', () => {
    const mixtures = [
      {
        token: 'n',
        parts: [
          ['a', 0.75],
          ['b', 0.25],
        ] as const,
      },
    ];
    const ids = new Map([
      ['a', 0],
      ['b', 1],
    ]);
    expect([...remapEmbeddings(mixtures, ids, embeddings).values]).toEqual([1.5]);
    expect([...remapEmbeddings(mixtures, new Map([['a', 0]]), embeddings, 0).values]).toEqual([1]);
    expect(() => remapEmbeddings(mixtures, new Map(), embeddings)).toThrow('none of "b"');
  });
});

describe('translated embeddings', () => {
  const dim = 3;
  const embeddingsOf = (tokens: readonly string[]) => ({
    values: mulberry32(5).normal(tokens.length * dim),
    columns: dim,
  });
  const idsOf = (tokens: readonly string[]) => new Map(tokens.map((token, id) => [token, id]));

  it('are the old ones for the same vocabulary', () => {
    const same = characterVocabulary('abcdef0123456789', { unknown: '<unk>', begin: '<s>' });
    const alignments = same.tokens.slice(2).map((word) => ({ oldWord: word, newWord: word, count: 20 }));
    const mapping = smoothMapping(same.tokens, mapTokens(same, same, alignments), { unknownToken: '<unk>' });
    const embeddings = embeddingsOf(same.tokens);
    const { values } = remapEmbeddings(mapping, idsOf(same.tokens), embeddings);
    for (const [place, value] of values.entries()) expect(value).toBeCloseTo(embeddings.values[place]!, 5);
  });

  it('are convex mixtures of old ones for another', () => {
    const old = characterVocabulary('abcdef01', { unknown: '<unk>', begin: '<s>' });
    const latest = characterVocabulary('xyzab01', { unknown: '<unk>', begin: '<s>' });
    const alignments = ['xy', 'yz', 'zx', 'ab'].map((newWord, place) => ({
      oldWord: ['ab', 'cde', 'fa', 'ba'][place]!,
      newWord,
      count: 10 + 7 * place,
    }));
    const mapping = smoothMapping(latest.tokens, mapTokens(old, latest, alignments), { unknownToken: '<unk>' });
    const known = idsOf(old.tokens);
    for (const { parts } of mapping) {
      expect(parts.every(([token, weight]) => weight >= 0 && known.has(token))).toBe(true);
      expect(parts.reduce((sum, [, weight]) => sum + weight, 0)).toBeCloseTo(1, 10);
    }
    const embeddings = embeddingsOf(old.tokens);
    const { values } = remapEmbeddings(mapping, known, embeddings);
    for (let column = 0; column < dim; column += 1) {
      const inside = embeddings.values.filter((_, place) => place % dim === column);
      const [low, high] = [Math.min(...inside) - 1e-6, Math.max(...inside) + 1e-6];
      for (let place = column; place < values.length; place += dim) {
        expect(values[place]).toBeGreaterThanOrEqual(low);
        expect(values[place]).toBeLessThanOrEqual(high);
      }
    }
  });
});

describe('joinWords', () => {
  it('joins the tokens of a word only', () => {
    expect(joinWords(['\u2581un', 'do', '!', '\u2581it', '1'])).toBe('\u2581un\u2014do ! \u2581it 1');
    expect(joinWords(['un', '##do', 'it'], { wordPrefix: '\u2581', innerPrefix: '##' })).toBe('un\u2014##do it');
    expect(joinWords([])).toBe('');
  });
});

describe('alignWords', () => {
  const corpus = [
    ['the house', 'das haus'],
    ['the book', 'das buch'],
    ['a book', 'ein buch'],
  ] as const;

  it('finds what translates to what', () => {
    for (const options of [{ favorDiagonal: false, iterations: 20 }, { optimizeTension: true }, { dirichlet: 0.01 }]) {
      const found = alignWords(corpus, options);
      for (const [old, latest] of [
        ['house', 'haus'],
        ['book', 'buch'],
        ['the', 'das'],
        ['a', 'ein'],
      ]) {
        const best = found.filter(({ oldWord }) => oldWord === old).toSorted((a, b) => b.count - a.count)[0]!;
        expect(best.newWord).toBe(latest);
      }
    }
  });

  it('gives probabilities of every old word and counts of every new one', () => {
    const found = alignWords(corpus, { favorDiagonal: true, nullProbability: 0 });
    const total = found.reduce((sum, { count }) => sum + count, 0);
    expect(total).toBeCloseTo(6, 8);
    const ofThe = found.filter(({ oldWord }) => oldWord === 'the');
    expect(ofThe.reduce((sum, { logProbability }) => sum + Math.exp(logProbability), 0)).toBeCloseTo(1, 8);
  });

  it('takes empty sentences, and refuses no iterations', () => {
    expect(
      alignWords([
        ['', 'x'],
        ['y', ''],
      ]),
    ).toEqual([]);
    expect(() => alignWords([], { iterations: 0 })).toThrow('iterations');
  });
});

describe('digamma', () => {
  it('has its known values', () => {
    expect(digamma(1)).toBeCloseTo(-0.5772156649015329, 9);
    expect(digamma(0.5)).toBeCloseTo(-1.9635100260214235, 9);
    expect(digamma(100)).toBeCloseTo(4.600161852738087, 9);
  });
});
