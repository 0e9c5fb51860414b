import { InputError } from '@tesserae/core/data';
import { readRun, writeRun } from './count-run';
import { mergeRuns } from './merge-runs';
import type { SpillStore } from './spill-store';
import { checkCount, selectWords, sortedWords, type WordCounts, type WordSelection } from './word-counts';
import { createWordSplitter, type WordPipeline } from './word-splitter';

export interface WordCounterOptions extends WordPipeline {
  /** Takes the counts where there are too many distinct words for memory. Default: all stay in memory. */
  readonly spill?: SpillStore;
  /** Distinct words that make the counter spill. Default 4 million, about 500 MB. */
  readonly wordsInMemory?: number;
}

/** Counts the words of texts. */
export interface WordCounter {
  /** Texts and UTF-16 units so far. */
  readonly texts: number;
  readonly characters: number;
  /** Runs that were spilled so far. */
  readonly runs: number;
  /** Counts the words of a text. */
  add(text: string): void;
  /**
   * Adds counts of words that were made elsewhere by the same pipeline.
   *
   * @throws {InputError} A count that is no positive integer.
   */
  addCounts(words: Iterable<readonly [string, number]>): void;
  /** All distinct words with their counts, in code point order; read from the runs, so that they need not fit into memory. */
  entries(): Iterable<readonly [string, number]>;
  /**
   * The counts for a trainer. Reads spilled runs once, with `maximumWords` twice.
   *
   * @throws {InputError} A limit below 1.
   */
  counts(selection?: WordSelection): WordCounts;
  /** Forgets everything and frees the runs. */
  dispose(): void;
}

/**
 * Makes a counter. In a worker thread make one for the same pipeline, send `wordCountsToBytes(counter.counts())` back,
 * and give them to `addCounts` of the main thread's.
 *
 * @throws {ConfigError} A component of the pipeline that is wrong.
 * @throws {UnsupportedError} A regular expression that has no counterpart.
 * @throws {InputError} `wordsInMemory` below 1.
 */
export function createWordCounter(options: WordCounterOptions = {}): WordCounter {
  const { spill, wordsInMemory = 4_000_000 } = options;
  if (!(wordsInMemory >= 1)) throw new InputError('wordsInMemory', 'a number from 1', String(wordsInMemory));
  const splitter = createWordSplitter(options);
  let seen = new Map<string, number>();
  let given = new Map<string, number>();
  let texts = 0;
  let characters = 0;
  let runs = 0;

  const take = (word: string) => {
    seen.set(word, (seen.get(word) ?? 0) + 1);
  };
  /** Words that were seen, finished, into those that were given. */
  const gather = (): WordCounts => {
    for (const [word, count] of seen) {
      const finished = splitter.finish(word);
      given.set(finished, (given.get(finished) ?? 0) + count);
    }
    seen = new Map();
    return given;
  };
  const spillIfFull = () => {
    if (!spill || seen.size + given.size < wordsInMemory) return;
    for (const block of writeRun(gather())) spill.append(runs, block);
    given = new Map();
    runs += 1;
  };
  const entries = (): Iterable<readonly [string, number]> => {
    const inMemory = sortedWords(gather());
    if (runs === 0 || !spill) return inMemory;
    const stored = Array.from({ length: runs }, (_, run) =>
      readRun((offset, length) => spill.read(run, offset, length), `spilled run ${run}`),
    );
    return mergeRuns([...stored, inMemory]);
  };

  return {
    get texts() {
      return texts;
    },
    get characters() {
      return characters;
    },
    get runs() {
      return runs;
    },
    add(text) {
      splitter.split(text, take);
      texts += 1;
      characters += text.length;
      spillIfFull();
    },
    addCounts(words) {
      for (const [word, count] of words) {
        checkCount(word, count);
        given.set(word, (given.get(word) ?? 0) + count);
        spillIfFull();
      }
    },
    entries,
    counts: (selection = {}) => selectWords(entries, selection),
    dispose() {
      for (let run = 0; run < runs; run += 1) spill?.remove(run);
      seen = new Map();
      given = new Map();
      runs = 0;
    },
  };
}
