import type { TrainTokenizerOptions } from '../train-tokenizer';
import { clsSepTemplate } from './templates';

const specialTokens = ['[UNK]', '[CLS]', '[SEP]', '[PAD]', '[MASK]'] as const;

/**
 * Settings of `trainTokenizer` for a genome, as DNABERT-2's tokenizer was trained (arXiv 2306.15006): byte-pair encoding
 * of whole sequences, `[CLS] … [SEP]` around them. Feed it `fastaWindows`.
 *
 * @param vocabularySize - Default 4096.
 */
export function genomeTraining(vocabularySize = 4096): TrainTokenizerOptions {
  return {
    algorithm: 'bpe',
    vocabularySize,
    specialTokens,
    unknownToken: '[UNK]',
    initialAlphabet: 'ACGT',
    preTokenizer: { type: 'Whitespace' },
    postProcessor: clsSepTemplate(new Map(specialTokens.map((token, id) => [token, id]))),
  };
}
