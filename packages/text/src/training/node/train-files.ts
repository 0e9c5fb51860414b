import type { TextTokenizer } from '../../tokenizer/text-tokenizer';
import { countedPipelines } from '../algorithms';
import { finishTrainingAsync } from '../progress';
import { trainOnCounts, trainTokenizerAsync, type TrainTokenizerOptions } from '../train-tokenizer';
import { countFiles, type CountFilesOptions } from './count-files';
import { countTextsInThreads } from './count-stream';
import { fileLines } from './file-lines';

/** Settings of {@link trainTokenizerFromFiles}; `spill` is not used. */
export type TrainFilesOptions = TrainTokenizerOptions & CountFilesOptions;

/**
 * Trains a tokenizer on files of UTF-8, line by line, the newlines kept, as the Hugging Face library does. Words are
 * counted in `threads`; their counts go to disk before they take more than `memory` bytes (default 2 GiB), so that
 * corpora of any size can be trained on. Where the distinct words do not fit into `memory` either, the rarest are left
 * out. BoundlessBPE has to keep the corpus in memory and uses one thread.
 *
 * @param paths - In any order: the result is the same.
 * @param program - The counting thread's program. Default: the one of this package.
 * @throws As `trainTokenizer`; {InputError} Code `unreadable`: a file cannot be opened.
 */
export async function trainTokenizerFromFiles(
  paths: Iterable<string>,
  options: TrainFilesOptions,
  program?: URL,
): Promise<TextTokenizer> {
  const files = [...paths];
  if (options.algorithm === 'boundless-bpe') return trainTokenizerAsync(linesOf(files), options);
  const counts = await countFiles(files, countedPipelines(options), options, program);
  return finishTrainingAsync(trainOnCounts(counts, options), options);
}

/**
 * {@link trainTokenizerFromFiles} on a stream of texts: they are counted in `threads` while they come.
 *
 * @param texts - A line, a document or a record each; words never reach over their ends.
 */
export async function trainTokenizerFromTexts(
  texts: AsyncIterable<string> | Iterable<string>,
  options: TrainFilesOptions,
  program?: URL,
): Promise<TextTokenizer> {
  if (options.algorithm === 'boundless-bpe') return trainTokenizerAsync(texts, options);
  const counts = await countTextsInThreads(texts, countedPipelines(options), options, program);
  return finishTrainingAsync(trainOnCounts(counts, options), options);
}

function* linesOf(paths: readonly string[]): Generator<string> {
  for (const path of paths) yield* fileLines(path);
}
