import { fromTokenizerJson } from '../../pipeline/tokenizer-json';
import type { TextTokenizer } from '../../tokenizer/text-tokenizer';
import { tokenizerFile } from '../tokenizer-file';
import { checkVocabularyK, type KmerOptions } from './kmers';
import { bases } from './nucleotides';
import { clsSepTemplate } from './templates';

/** Settings of {@link kmerTokenizer}. */
export interface KmerTokenizerOptions extends Pick<KmerOptions, 'overlapping'> {
  /** Letters of a k-mer, 1 to 8. */
  readonly k: number;
  /** The first ids. Default: those of DNABERT, `[PAD] [UNK] [CLS] [SEP] [MASK]`. */
  readonly specialTokens?: readonly string[];
  /** Which of them stands for what is not in the vocabulary. Default `[UNK]`. */
  readonly unknownToken?: string;
  /** What errors and tokens call it. Default `6-mers`, by `k`. */
  readonly name?: string;
}

const defaultSpecials = ['[PAD]', '[UNK]', '[CLS]', '[SEP]', '[MASK]'] as const;

/**
 * A tokenizer whose tokens are all k-mers of A, T, C, G, in this order. Overlapping ones are written with spaces between
 * them, as DNABERT takes them: encode `kmers(sequence, { k }).join(' ')`. Without overlap it takes the sequence itself; a
 * letter that is in no k-mer is a token by itself, and so is N, as the Nucleotide Transformer has it.
 *
 * @throws {InputError} `k` out of its range.
 */
export function kmerTokenizer(options: KmerTokenizerOptions): TextTokenizer {
  const { k, overlapping = true, specialTokens = defaultSpecials, unknownToken = '[UNK]' } = options;
  checkVocabularyK(k);
  let words: readonly string[] = [''];
  for (let length = 0; length < k; length += 1) words = words.flatMap((word) => [...bases].map((base) => word + base));
  const letters = overlapping ? [] : [...bases, 'N'];
  const tokens = [...new Set([...specialTokens, ...words, ...letters])];
  const ids = new Map(tokens.map((token, id) => [token, id] as const));
  const cutPattern = { Regex: `[ACGT]{${k}}|[\\s\\S]` };
  const file = tokenizerFile(
    { kind: 'word-level', vocabulary: ids, specialTokens },
    {
      unknownToken,
      preTokenizer: overlapping
        ? { type: 'WhitespaceSplit' }
        : { type: 'Split', pattern: cutPattern, behavior: 'Isolated', invert: false },
      postProcessor: clsSepTemplate(ids),
      ...(!overlapping && { decoder: { type: 'Fuse' } }),
    },
  );
  return fromTokenizerJson(file, { name: options.name ?? `${k}-mers` });
}
