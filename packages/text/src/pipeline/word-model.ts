import type { RandomSource } from '@tesserae/core/data';
import type { Parts } from '../tokenizer/steps';
import type { SamplingOptions, TextTokenizerKind } from '../tokenizer/text-tokenizer';

/** The tokens of one word. */
export interface WordTokens {
  readonly ids: ArrayLike<number>;
  /** Where each begins and ends, in bytes of the word's UTF-8, as the Hugging Face library counts. */
  readonly starts: ArrayLike<number>;
  readonly ends: ArrayLike<number>;
  /** Texts of unknown tokens, by place. */
  readonly surfaces?: readonly (string | undefined)[];
}

/** What makes a segmentation random. */
export interface WordOptions {
  readonly dropout?: number;
  readonly sampling?: SamplingOptions;
  readonly random?: RandomSource;
}

/** Makes tokens of a word. */
export interface WordModel {
  readonly kind: TextTokenizerKind;
  /** Ids by token. */
  readonly vocabulary: ReadonlyMap<string, number>;
  encodeWord(word: string, options: WordOptions): WordTokens;
  /** What `encodeWord` gives without options, in parts: for words of any length. Absent where no word takes long. */
  encodeParts?(word: string): Parts<WordTokens>;
}

const cacheSize = 20_000;
const longestWord = 256;

/** Remembers words of up to 256 units, as long as nothing is random. */
export function rememberWords(model: WordModel): WordModel {
  let known = new Map<string, WordTokens>();
  return {
    ...model,
    encodeWord(word, options) {
      if (options.dropout || options.sampling || word.length > longestWord) return model.encodeWord(word, options);
      const found = known.get(word);
      if (found) return found;
      const tokens = model.encodeWord(word, options);
      if (known.size >= cacheSize) known = new Map();
      known.set(word, tokens);
      return tokens;
    },
  };
}
