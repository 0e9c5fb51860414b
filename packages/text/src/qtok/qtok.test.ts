import { describe, expect, it } from 'vitest';
import { tinyModel } from '../../test/tiny-model';
import { tinyRanks } from '../../test/tiny-ranks';
import { fromTiktoken } from '../bpe/from-tiktoken';
import { writeTiktokenFile } from '../bpe/tiktoken-file';
import { joinTokenBytes } from '../bpe/token-bytes';
import { utf8Encode } from '../bytes/utf8';
import { pieceType } from '../sentencepiece/model-proto';
import { fromSentencePiece } from '../sentencepiece/sentencepiece';
import { attestedLanguages } from './attested-languages';
import { encodingMetrics, renyiEfficiency, tokenizationParity } from './encoding-metrics';
import { readQtokVocabulary } from './read-vocabulary';
import { classifyToken } from './token-classes';
import { unreachableTokens } from './unreachable-tokens';
import { vocabularyReport } from './vocabulary-report';

describe('classifyToken', () => {
  it.each([
    ['a', 'pure-unicode', undefined],
    ['ж', 'char-alpha', 'CYRILLIC'],
    ['世', 'char-alpha', 'CJK'],
    ['한', 'char-alpha', 'HANGUL'],
    ['€', 'char-other', undefined],
    ['\u0378', 'char-errors', undefined],
    [' the', 'spaced-alpha', 'LATIN'],
    [' the1', 'spaced-other', undefined],
    ['  ', 'spaced-other', undefined],
    [' \n', 'spaced-errors', undefined],
    ['<s>', 'control-tokens', undefined],
    ['[MASK]', 'control-tokens', undefined],
    ['</h1>', 'inner-other', undefined],
    ['[td]', 'inner-other', undefined],
    ['<0yÃ>', 'unicode-flanks', undefined],
    ['ing', 'inner-alpha', 'LATIN'],
    ['при', 'inner-alpha', 'CYRILLIC'],
    ['aж', 'inner-other', undefined],
    ['a\ud800', 'inner-errors', undefined],
    ['😀😀', 'inner-other', undefined],
    ['', 'inner-other', undefined],
  ] as const)('%j is %s', (text, kind, script) => {
    expect(classifyToken(text)).toEqual(script === undefined ? { kind } : { kind, script });
  });
  it('goes by the Script property as well', () => {
    expect(classifyToken('ªº', 'property')).toEqual({ kind: 'inner-alpha', script: 'Latin' });
    expect(classifyToken('ªº')).toEqual({ kind: 'inner-other' });
    expect(classifyToken(' 12', 'property')).toEqual({ kind: 'spaced-other' });
    expect(classifyToken('\u0378', 'property')).toEqual({ kind: 'char-errors' });
  });
});

describe('readQtokVocabulary', () => {
  const byteLevel = {
    model: { vocab: { a: 0, Ġthe: 1, 'Ã©': 2, Ã: 3, '<0x0A>': 4, 世: 5 } },
    added_tokens: [{ id: 6, content: '<s>' }],
  };
  it('decodes byte-level tokens', () => {
    expect([...readQtokVocabulary(byteLevel)]).toEqual([
      ['a', 0],
      [' the', 1],
      ['é', 2],
      ['<0yÃ>', 3],
      ['Ċ', 4],
      ['<0y世>', 5],
      ['<s>', 6],
    ]);
  });
  it('keeps the text of others, spaces at the beginning apart', () => {
    const vocabulary = { '▁ма': 0, '▁': 1, a: 2, 'a▁b': 3, '<0xC3>': 4, '<0xZZ>': 5 };
    const expected = [
      [' ма', 0],
      ['▁', 1],
      ['0X61', 2],
      ['a▁b', 3],
      ['Ã', 4],
      ['<0xZZ>', 5],
    ];
    expect([...readQtokVocabulary(JSON.stringify({ model: { vocab: vocabulary } }))]).toEqual(expected);
    expect([...readQtokVocabulary(vocabulary)]).toEqual(expected);
    const list = Object.keys(vocabulary).map((piece) => [piece, -1]);
    expect([...readQtokVocabulary({ vocab: list })]).toEqual(expected);
  });
  it('names what is wrong', () => {
    expect(() => readQtokVocabulary('{')).toThrow(/tokenizer\.json/);
    expect(() => readQtokVocabulary(new Uint8Array(), 'x.json')).toThrow(/x\.json/);
    expect(() => readQtokVocabulary({ model: {} })).toThrow(/model\.vocab/);
    expect(() => readQtokVocabulary({ model: { vocab: { a: 'b' } } })).toThrow(/vocab\["a"\]/);
    expect(() => readQtokVocabulary({ model: { vocab: [1] } })).toThrow(/vocab\[0\]/);
    expect(() => readQtokVocabulary({ model: { vocab: {} }, added_tokens: [{}] })).toThrow(/added_tokens\[0\]/);
  });
});

describe('vocabularyReport', () => {
  const one = new Set([' the', 'ing', 'ж', '<s>', 'a']);
  const two = new Set([' the', 'при', ' при']);
  const languages = new Map([
    [' the', ['en']],
    ['ing', ['en', 'de']],
    ['при', ['ru']],
  ]);
  const report = vocabularyReport({ one, two }, { languages });
  it('counts kinds in each vocabulary and in all', () => {
    expect(report.vocabularies).toEqual(['all', 'one', 'two']);
    expect(report.counts['spaced-alpha']).toEqual([2, 1, 2]);
    expect(report.counts['control-tokens']).toEqual([1, 1, 0]);
    expect(report.percent['spaced-alpha']).toEqual([28.57, 20, 66.67]);
    for (const column of [0, 1, 2]) {
      const total = Object.values(report.counts).reduce((sum, counts) => sum + counts[column]!, 0);
      expect(total).toBe([7, 5, 3][column]);
    }
  });
  it('shares out scripts and languages', () => {
    expect(report.scripts.find(({ name }) => name === 'LATIN (spaced)')?.shares).toEqual([20, 33.33, 33.33]);
    expect(report.languages).toEqual([
      { name: 'en', shares: [37.5, 50, 50] },
      { name: 'ru', shares: [25, 0, 50] },
      { name: 'de', shares: [12.5, 16.67, 0] },
    ]);
    expect(report.unseen).toEqual([' при']);
  });
  it('folds what is rare everywhere', () => {
    const many = new Set([...Array.from({ length: 199 }, (_, place) => ` ${'ab'.repeat(place + 1)}`), 'ж', '世']);
    const { scripts } = vocabularyReport({ many });
    expect(scripts).toEqual([
      { name: 'LATIN (spaced)', shares: [99, 99] },
      { name: 'Other', shares: [1, 1] },
    ]);
  });
  it('rounds halves to even, as Python does', () => {
    // 1 of 800: 0.125 %.
    const tokens = new Set(['ж', ...Array.from({ length: 799 }, (_, place) => `${'a'.repeat(place + 2)}`)]);
    expect(vocabularyReport({ tokens }).percent['char-alpha'][0]).toBe(0.12);
  });
  it('rejects no vocabulary, and names that are taken', () => {
    expect(() => vocabularyReport({})).toThrow(/at least one/);
    expect(() => vocabularyReport({ all: one })).toThrow(/all/);
  });
});

describe('attestedLanguages', () => {
  it('looks inside of words, and at their beginning behind a space', () => {
    const found = attestedLanguages([' the', 'he', 'ein', ' ein', ' '], { en: ['the', 'bathe'], de: ['kein'] });
    expect(Object.fromEntries(found)).toEqual({ ' the': ['en'], he: ['en'], ein: ['de'] });
  });
});

const specialTokens = { '<|end|>': 400 };
const ranks = fromTiktoken(tinyRanks(60), { encoding: 'cl100k_base', specialTokens });

describe('encodingMetrics', () => {
  it('measures texts', () => {
    const measured = encodingMetrics(ranks, ['the thin 123', '\ud800', '']);
    expect(measured.words).toBe(4);
    expect(measured.bytes).toBe(12 + 3);
    expect(measured.roundTripFailures).toBe(1);
    expect(measured.fertility).toBe(measured.tokens / 4);
    expect(measured.bytesPerToken).toBe(15 / measured.tokens);
    expect(measured.singleTokenWords).toBeGreaterThan(0);
    expect(encodingMetrics(ranks, [])).toMatchObject({ tokens: 0, fertility: 0, renyiEfficiency: 0 });
  });
  it('gives efficiencies between those of one token and of all', () => {
    expect(renyiEfficiency([3, 3, 3, 3], 4)).toBeCloseTo(1, 12);
    expect(renyiEfficiency([7], 4)).toBeCloseTo(0, 12);
    expect(renyiEfficiency([1, 3], 4, 1)).toBeCloseTo((0.75 * Math.log(4 / 3) + 0.25 * Math.log(4)) / Math.log(4), 12);
    expect(renyiEfficiency([1, 3], 4, Infinity)).toBeCloseTo(Math.log(4 / 3) / Math.log(4), 12);
    const orders = [0, 0.5, 1, 2.5, 10, Infinity].map((order) => renyiEfficiency([1, 2, 5, 0], 8, order));
    expect(orders).toEqual(orders.toSorted((a, b) => b - a));
    expect(renyiEfficiency([], 4)).toBe(0);
    expect(() => renyiEfficiency([1, -1], 4)).toThrow(/counts/);
    expect(() => renyiEfficiency([1, 1], 1)).toThrow(/vocabularySize/);
    expect(() => renyiEfficiency([1], 4, Number.NaN)).toThrow(/order/);
  });
  it('compares languages on the same texts', () => {
    const rows = tokenizationParity(ranks, { en: ['the thing'], ru: ['привет мир'] });
    expect(rows[0]).toMatchObject({ language: 'en', ratio: 1 });
    expect(rows[1]!.ratio).toBe(rows[1]!.tokens / rows[0]!.tokens);
    expect(tokenizationParity(ranks, { en: ['the'], ru: ['это'] }, 'ru')[1]!.ratio).toBe(1);
    expect(() => tokenizationParity(ranks, {})).toThrow(/language/);
    expect(() => tokenizationParity(ranks, { en: ['a'], ru: [] })).toThrow(/parallel\.ru/);
  });
});

describe('unreachableTokens', () => {
  const withTokens = (...texts: readonly string[]) => {
    const bytes = Array.from({ length: 256 }, (_, byte) => Uint8Array.of(byte));
    const file = writeTiktokenFile(joinTokenBytes([...bytes, ...texts.map(utf8Encode)]));
    return fromTiktoken(file, { encoding: 'cl100k_base', specialTokens });
  };
  it('finds tokens that the pre-tokenizer cuts', () => {
    expect(unreachableTokens(withTokens('ab', ' a', ' ab', 'é', '12'))).toEqual([]);
    expect(unreachableTokens(withTokens('ab', '1a', 'b.'))).toEqual([257, 258]);
  });
  it('finds tokens that others hide', () => {
    const tokenizer = fromSentencePiece(
      tinyModel(
        [
          ['<unk>', 0, pieceType.unknown],
          ['▁', -3],
          ['a', -1],
          ['b', -1],
          ['ab', -9],
          ['ba', -1.5],
        ],
        { 3: 1 },
      ),
    );
    expect(unreachableTokens(tokenizer)).toEqual([4]);
  });
});
