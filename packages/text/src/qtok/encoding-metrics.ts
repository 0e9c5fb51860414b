import { InputError } from '@tesserae/core/data';
import { utf8TextLength } from '../bytes/utf8';
import type { TextTokenizer } from '../tokenizer/text-tokenizer';

/** What encodings of texts need of a tokenizer. */
export type MeasuredTokenizer = Pick<TextTokenizer, 'encode' | 'decode' | 'info'>;

/** How well a tokenizer encodes some texts. */
export interface EncodingMetrics {
  readonly tokens: number;
  /** Stretches without white space. */
  readonly words: number;
  /** Of UTF-8. */
  readonly bytes: number;
  /** Tokens a word. */
  readonly fertility: number;
  readonly bytesPerToken: number;
  /** Share of the words that are one token by themselves, at the beginning of a text or behind a space. 0..1. */
  readonly singleTokenWords: number;
  /** Texts that are not the same after encoding and decoding. */
  readonly roundTripFailures: number;
  /** How evenly the vocabulary is used, see {@link renyiEfficiency}. 0..1. */
  readonly renyiEfficiency: number;
}

export interface EncodingMetricsOptions {
  /** Of {@link renyiEfficiency}. Default 2.5. */
  readonly order?: number;
}

/**
 * Measures a tokenizer on texts: fertility, bytes a token, words that stay whole, texts that come back changed, and the
 * efficiency of arXiv 2306.16842. Special tokens are text, and none are added.
 *
 * @throws {InputError} The order is below 0.
 */
export function encodingMetrics(
  tokenizer: MeasuredTokenizer,
  texts: Iterable<string>,
  { order = 2.5 }: EncodingMetricsOptions = {},
): EncodingMetrics {
  const counts = new Map<number, number>();
  const isSingle = new Map<string, boolean>();
  let [tokens, words, bytes, single, failures] = [0, 0, 0, 0, 0];
  for (const text of texts) {
    const ids = ordinary(tokenizer, text);
    for (const id of ids) counts.set(id, (counts.get(id) ?? 0) + 1);
    tokens += ids.length;
    bytes += utf8TextLength(text);
    if (tokenizer.decode(ids) !== text) failures += 1;
    for (const { 0: word, index } of text.matchAll(/\S+/gu)) {
      const shown = index === 0 ? word : ` ${word}`;
      if (!isSingle.has(shown)) isSingle.set(shown, ordinary(tokenizer, shown).length === 1);
      if (isSingle.get(shown)!) single += 1;
      words += 1;
    }
  }
  return {
    tokens,
    words,
    bytes,
    fertility: ratio(tokens, words),
    bytesPerToken: ratio(bytes, tokens),
    singleTokenWords: ratio(single, words),
    roundTripFailures: failures,
    renyiEfficiency: renyiEfficiency([...counts.values()], tokenizer.info.vocabularySize, order),
  };
}

const ordinary = (tokenizer: MeasuredTokenizer, text: string): Int32Array =>
  tokenizer.encode(text, { specials: 'ordinary', addSpecialTokens: false }).ids;

const ratio = (part: number, whole: number): number => (whole > 0 ? part / whole : 0);

/**
 * Rényi entropy of token counts, divided by that of an even use of the vocabulary (arXiv 2306.16842, which finds order
 * 2.5 to go best with translation quality).
 *
 * @param counts - Of the tokens that occur.
 * @param vocabularySize - At least 2, and as many as occur.
 * @param order - At least 0; 1 is Shannon's entropy, infinity counts the most frequent token only. Default 2.5.
 * @returns 0..1; 0 without any tokens.
 * @throws {InputError} Counts that are none, or a vocabulary or order out of range.
 */
export function renyiEfficiency(counts: ArrayLike<number>, vocabularySize: number, order = 2.5): number {
  if (!(order >= 0)) throw new InputError('order', 'a number of at least 0', String(order));
  const found = Array.from(counts).filter((count) => count !== 0);
  if (!(vocabularySize >= Math.max(2, found.length))) {
    throw new InputError('vocabularySize', `at least ${Math.max(2, found.length)}`, String(vocabularySize));
  }
  const total = found.reduce((sum, count) => (count > 0 ? sum + count : Number.NaN), 0);
  if (!(total < Infinity)) throw new InputError('counts', 'finite numbers of at least 0', 'others');
  if (total === 0) return 0;
  return (
    entropyOf(
      found.map((count) => count / total),
      order,
    ) / Math.log(vocabularySize)
  );
}

function entropyOf(probabilities: readonly number[], order: number): number {
  if (order === Infinity) return -Math.log(Math.max(...probabilities));
  if (order === 1) return -probabilities.reduce((sum, p) => sum + p * Math.log(p), 0);
  return Math.log(probabilities.reduce((sum, p) => sum + p ** order, 0)) / (1 - order);
}

/** Tokens that a language needs for what another says in one. */
export interface LanguageParity {
  readonly language: string;
  readonly tokens: number;
  /** Tokens for one of the reference: 1 is parity. */
  readonly ratio: number;
}

/**
 * Compares what languages pay for the same content (tokenization parity, arXiv 2305.15425).
 *
 * @param parallel - The same texts in each language, in the same order.
 * @param reference - Language that counts as 1. Default: the first.
 * @throws {InputError} No languages, no such reference, or other numbers of texts.
 */
export function tokenizationParity(
  tokenizer: MeasuredTokenizer,
  parallel: Readonly<Record<string, readonly string[]>>,
  reference = Object.keys(parallel)[0],
): LanguageParity[] {
  const texts = reference === undefined || !Object.hasOwn(parallel, reference) ? undefined : parallel[reference];
  if (!texts)
    throw new InputError(
      'reference',
      `one of ${Object.keys(parallel).join(', ') || 'at least one language'}`,
      String(reference),
    );
  const rows = Object.entries(parallel).map(([language, list]) => {
    if (list.length !== texts.length)
      throw new InputError(`parallel.${language}`, `${texts.length} texts`, String(list.length));
    return { language, tokens: list.reduce((sum, text) => sum + ordinary(tokenizer, text).length, 0) };
  });
  const base = rows.find(({ language }) => language === reference)!.tokens;
  return rows.map((row) => ({ ...row, ratio: ratio(row.tokens, base) }));
}
