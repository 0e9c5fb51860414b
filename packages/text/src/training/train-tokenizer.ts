import { boundlessBpeTokenizer } from '../boundless-bpe/tokenizer';
import { fromTokenizerJson } from '../pipeline/tokenizer-json';
import type { TextTokenizer } from '../tokenizer/text-tokenizer';
import { countedPipelines, type TrainingAlgorithm, trainModel, type WordAlgorithm } from './algorithms';
import { createDocuments } from './boundless-bpe/documents';
import { trainBoundlessBpe } from './boundless-bpe/train-boundless-bpe';
import { countTexts, countTextsAsync } from './count-texts';
import { type FinishOptions, finishTraining, finishTrainingAsync, type TrainingProgress } from './progress';
import { shareStore, type SpillStore } from './spill-store';
import { tokenizerFile, type TokenizerFileOptions } from './tokenizer-file';
import { createWordCounter, type WordCounter } from './word-counter';
import type { WordCounts, WordSelection } from './word-counts';

/** Settings that all algorithms share: of counting, and of what else is in the file. */
export interface TrainingOptions extends TokenizerFileOptions, WordSelection, FinishOptions {
  /** Takes counts that no longer fit into `memory` (see `WordCounterOptions`). Default: all stay in memory. */
  readonly spill?: SpillStore;
  /** What errors and tokens call the tokenizer. Default `tokenizer.json`. */
  readonly name?: string;
}

/** Settings of {@link trainTokenizer}. */
export type TrainTokenizerOptions = TrainingAlgorithm & TrainingOptions;

/**
 * Trains a tokenizer on texts. `save('tokenizer.json')` of the result gives its file, that of a BoundlessBPE tokenizer
 * `save('boundless-bpe')`.
 *
 * @param texts - Lines, documents or records; `textLines` cuts files as the Hugging Face library does.
 * @throws {ConfigError} A component of the pipeline that is wrong.
 * @throws {UnsupportedError} A regular expression that has no counterpart.
 * @throws {InputError} An option out of its range.
 * @throws The reason of the signal, where it was aborted.
 */
export function trainTokenizer(texts: Iterable<string>, options: TrainTokenizerOptions): TextTokenizer {
  const trainer = createTrainer(options);
  try {
    finishTraining(countTexts(trainer, texts), options);
    return finishTraining(trainer.train(), options);
  } finally {
    trainer.dispose();
  }
}

/**
 * The same for a stream of texts. Other work of the thread goes on between the steps.
 *
 * @throws As {@link trainTokenizer}; and what the stream throws.
 */
export async function trainTokenizerAsync(
  texts: AsyncIterable<string> | Iterable<string>,
  options: TrainTokenizerOptions,
): Promise<TextTokenizer> {
  const trainer = createTrainer(options);
  try {
    await countTextsAsync(trainer, texts, options);
    return await finishTrainingAsync(trainer.train(), options);
  } finally {
    trainer.dispose();
  }
}

/** Takes texts, then trains. */
interface Trainer {
  add(text: string): void;
  train(): Generator<TrainingProgress, TextTokenizer>;
  dispose(): void;
}

function createTrainer(options: TrainTokenizerOptions): Trainer {
  if (options.algorithm === 'boundless-bpe') {
    const documents = createDocuments(options);
    return {
      add: documents.add,
      *train() {
        const model = yield* trainBoundlessBpe(documents, options);
        return boundlessBpeTokenizer(model, {
          ...(options.name !== undefined && { name: options.name }),
          ...(options.split && { split: options.split }),
        });
      },
      dispose() {},
    };
  }
  const counters = createCounters(options);
  return {
    add(text) {
      for (const counter of counters) counter.add(text);
    },
    *train() {
      const counts = counters.map((counter) => {
        const selected = counter.counts(options);
        counter.dispose();
        return selected;
      });
      return yield* trainOnCounts(counts, options);
    },
    dispose() {
      for (const counter of counters) counter.dispose();
    },
  };
}

/** A counter for each pipeline of the algorithm; they share one store. */
function createCounters(options: WordAlgorithm & TrainingOptions): WordCounter[] {
  const pipelines = countedPipelines(options);
  const { spill, memory } = options;
  return pipelines.map((pipeline, index) =>
    createWordCounter({
      ...pipeline,
      ...(memory !== undefined && { memory: Math.max(1, memory / pipelines.length) }),
      ...(spill && { spill: shareStore(spill, index, pipelines.length) }),
    }),
  );
}

/**
 * Trains a tokenizer on words that were counted before.
 *
 * @param counts - The distinct words of each of the `countedPipelines` of the algorithm.
 * @throws As {@link trainTokenizer}.
 */
export function* trainOnCounts(
  [words, phrases]: readonly WordCounts[],
  options: WordAlgorithm & TokenizerFileOptions & Pick<TrainingOptions, 'name'>,
): Generator<TrainingProgress, TextTokenizer> {
  const model = yield* trainModel(words ?? new Map(), options, phrases);
  const preTokenizer = countedPipelines(options).at(-1)!.preTokenizer ?? null;
  return fromTokenizerJson(tokenizerFile(model, { ...options, preTokenizer }), {
    name: options.name ?? 'tokenizer.json',
  });
}
