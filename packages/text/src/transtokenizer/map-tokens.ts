import { InputError } from '@tesserae/core/data';
import { addTranslation, addWordTranslation, type TranslationCounts } from './token-counts';

/** Special tokens by what they are for. */
export interface SpecialTokenNames {
  readonly unknown?: string;
  readonly begin?: string;
  readonly end?: string;
  readonly padding?: string;
  readonly classifier?: string;
  readonly separator?: string;
  readonly mask?: string;
}

/** One side of a translation between vocabularies. */
export interface TranslationVocabulary {
  /** By id. */
  readonly tokens: readonly string[];
  /** Tokens of a text, without special ones; at least one for digits. */
  readonly tokenize: (text: string) => readonly string[];
  readonly specials: SpecialTokenNames;
  /** What tokens at the beginning of words begin with, `▁` or `Ġ`. Default `▁`. */
  readonly wordPrefix?: string;
  /** What other tokens begin with, `##`. Default: nothing. */
  readonly innerPrefix?: string;
}

export interface MapTokensOptions {
  /** Pairs that were seen less often are noise. Default 10. */
  readonly minimumCount?: number;
  /** What joins the tokens of a word. Default U+2014. */
  readonly joiner?: string;
}

/** A pair of aligned words, tokens joined. */
export interface WordAlignment {
  readonly oldWord: string;
  readonly newWord: string;
  readonly count: number;
}

/**
 * Reads `old word TAB new word TAB log probability TAB count` lines; empty lines and pairs with `<eps>` are left out.
 *
 * @throws {InputError} A line of another form.
 */
export function parseWordAlignments(text: string): WordAlignment[] {
  return text.split('\n').flatMap((line, index): WordAlignment[] => {
    if (line === '') return [];
    const [oldWord, newWord, , written, ...rest] = line.split('\t');
    const count = Math.trunc(Number(written));
    if (newWord === undefined || oldWord === undefined || rest.length > 0 || !Number.isFinite(count)) {
      throw new InputError(`alignment line ${index + 1}`, 'two words, a logarithm and a count', JSON.stringify(line));
    }
    return oldWord === '<eps>' || newWord === '<eps>' ? [] : [{ oldWord, newWord, count }];
  });
}

/**
 * Which tokens of an old vocabulary stand for those of a new one, from aligned words of a parallel text, numbers, equal
 * tokens and special tokens (Trans-tokenization, arXiv 2408.04303, section 3; `map_tokens` of the official code).
 *
 * Prefixes are only exchanged where both are not empty.
 */
export function mapTokens(
  oldVocabulary: TranslationVocabulary,
  newVocabulary: TranslationVocabulary,
  alignments: readonly WordAlignment[],
  options: MapTokensOptions = {},
): TranslationCounts {
  const { minimumCount = 10, joiner = '\u2014' } = options;
  const counts: TranslationCounts = new Map();
  const [oldTokens, newTokens] = [new Set(oldVocabulary.tokens), new Set(newVocabulary.tokens)];
  for (const { oldWord, newWord, count } of alignments) {
    if (count < minimumCount) continue;
    if (newTokens.has(newWord) && oldTokens.has(oldWord)) addTranslation(counts, newWord, oldWord, count);
    else addWordTranslation(counts, newWord.split(joiner), oldWord.split(joiner), count);
  }
  addNumbers(counts, oldVocabulary, newVocabulary, oldTokens, newTokens);
  for (const token of newVocabulary.tokens) {
    const old = inOldSpelling(token, oldVocabulary, newVocabulary);
    if (oldTokens.has(old)) addTranslation(counts, token, old, 1);
  }
  addSpecials(counts, oldVocabulary.specials, newVocabulary.specials, oldTokens);
  return counts;
}

/** `0..9998`, and `00..098` as they are written with a zero in front. */
const numbers = [
  ...Array.from({ length: 9999 }, (_, number) => String(number)),
  ...Array.from({ length: 99 }, (_, number) => `0${number}`),
];

function addNumbers(
  counts: TranslationCounts,
  oldVocabulary: TranslationVocabulary,
  newVocabulary: TranslationVocabulary,
  oldTokens: ReadonlySet<string>,
  newTokens: ReadonlySet<string>,
): void {
  const firstOld = (text: string): string => {
    const [first] = oldVocabulary.tokenize(text);
    if (first === undefined) throw new InputError('oldVocabulary.tokenize', 'a token', `none for "${text}"`);
    return first;
  };
  for (const number of numbers) {
    if (newTokens.has(number)) {
      addTranslation(counts, number, oldTokens.has(number) ? number : firstOld(number), 1);
    }
    for (const text of [number, ` ${number}`]) {
      const tokens = newVocabulary.tokenize(text);
      if (tokens.length === 1) addTranslation(counts, tokens[0]!, firstOld(text), 1);
    }
  }
}

function inOldSpelling(token: string, old: TranslationVocabulary, latest: TranslationVocabulary): string {
  const exchange = (text: string, from = '', to = '') => (from === '' || to === '' ? text : text.replaceAll(from, to));
  const word = exchange(token, latest.wordPrefix ?? '\u2581', old.wordPrefix ?? '\u2581');
  return exchange(word, latest.innerPrefix, old.innerPrefix);
}

/** More than any text can count. */
const specialCount = 1_000_000_000;

/** For every kind the old token of the same kind, or of the next best one. */
const specialFallbacks: readonly (readonly [keyof SpecialTokenNames, keyof SpecialTokenNames | undefined])[] = [
  ['padding', undefined],
  ['unknown', undefined],
  ['begin', 'classifier'],
  ['end', 'separator'],
  ['classifier', 'begin'],
  ['separator', 'end'],
  ['mask', 'padding'],
];

function addSpecials(
  counts: TranslationCounts,
  old: SpecialTokenNames,
  latest: SpecialTokenNames,
  oldTokens: ReadonlySet<string>,
): void {
  for (const [kind, fallback] of specialFallbacks) {
    const token = latest[kind];
    if (token === undefined) continue;
    const candidates = [old[kind], fallback && old[fallback]];
    const partner = candidates.find((name) => name !== undefined && oldTokens.has(name)) ?? old.unknown;
    if (partner !== undefined) addTranslation(counts, token, partner, specialCount);
  }
}
