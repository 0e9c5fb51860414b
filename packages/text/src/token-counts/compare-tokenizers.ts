import { InputError } from '@tesserae/core/data';
import { utf8Encode } from '../bytes/utf8';

/** Counts tokens; every `TextTokenizer` does. */
export interface TokenCounter {
  count(text: string): number;
}

/** How many tokens a tokenizer makes of the texts of a category. */
export interface TokenCount {
  readonly tokenizer: string;
  /** As in the texts, or `all`. */
  readonly category: string;
  readonly tokens: number;
  /** Code points. */
  readonly characters: number;
  /** Of UTF-8. */
  readonly bytes: number;
  readonly charactersPerToken: number;
  readonly bytesPerToken: number;
  /** Tokens of this tokenizer for one of the first. */
  readonly ratio: number;
  /** What the tokens cost, where prices are given. */
  readonly cost?: number;
}

export interface CompareOptions {
  /** Price of a million tokens, by tokenizer. */
  readonly prices?: Readonly<Record<string, number>>;
}

/**
 * Compares tokenizers by category: token counts of different models are no common measure (Needle Threading, arXiv
 * 2411.05000, section 3), least so for numbers, identifiers and code.
 *
 * @param texts - By category.
 * @param tokenizers - By name; ratios count from the first.
 * @returns For every tokenizer one row a category, and one for all texts.
 * @throws {InputError} No tokenizer, or a category of the name `all`.
 */
export function compareTokenizers(
  texts: Readonly<Record<string, readonly string[]>>,
  tokenizers: Readonly<Record<string, TokenCounter>>,
  options: CompareOptions = {},
): TokenCount[] {
  if (Object.keys(tokenizers).length === 0) throw new InputError('tokenizers', 'at least one', 'none');
  if (Object.hasOwn(texts, 'all')) throw new InputError('texts', 'another name than all', 'all');
  const categories = { ...texts, all: Object.values(texts).flat() };
  const first = new Map<string, number>();
  return Object.entries(tokenizers).flatMap(([name, tokenizer]) => {
    const price = options.prices?.[name];
    return Object.entries(categories).map(([category, list]) => {
      const tokens = sum(list, (text) => tokenizer.count(text));
      const characters = sum(list, (text) => [...text].length);
      const bytes = sum(list, (text) => utf8Encode(text).length);
      if (!first.has(category)) first.set(category, tokens);
      return {
        tokenizer: name,
        category,
        tokens,
        characters,
        bytes,
        charactersPerToken: share(characters, tokens),
        bytesPerToken: share(bytes, tokens),
        ratio: share(tokens, first.get(category)!),
        ...(price !== undefined && { cost: (tokens * price) / 1e6 }),
      };
    });
  });
}

const sum = (texts: readonly string[], measure: (text: string) => number) =>
  texts.reduce((total, text) => total + measure(text), 0);

const share = (part: number, whole: number) => (whole > 0 ? part / whole : 0);
