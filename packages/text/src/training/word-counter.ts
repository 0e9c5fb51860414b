import { InputError } from '@tesserae/core/data';
import { mergeRuns } from './merge-runs';
import { createRunSet } from './run-set';
import type { SpillStore } from './spill-store';
import { checkCount, eachSortedWord, mostWords, selectWords, type WordCounts, type WordSelection } from './word-counts';
import { createWordSplitter, type WordPipeline } from './word-splitter';

export interface WordCounterOptions extends WordPipeline {
  /** Takes the counts where they no longer fit into memory. Default: all stay in memory. */
  readonly spill?: SpillStore;
  /** Bytes of counts that make the counter spill, about 96 and 2 more a UTF-16 unit a word. Default 512 MiB. */
  readonly memory?: number;
}

/** Counts the words of texts. */
export interface WordCounter {
  /** Texts and UTF-16 units so far. */
  readonly texts: number;
  readonly characters: number;
  /** Runs that were spilled so far. */
  readonly runs: number;
  /** Bytes, by estimate, that counts take in memory now. */
  readonly held: number;
  /** Counts the words of a text. */
  add(text: string): void;
  /**
   * Adds counts of words that were made elsewhere by the same pipeline.
   *
   * @throws {InputError} A count that is no positive integer.
   */
  addCounts(words: Iterable<readonly [string, number]>): void;
  /**
   * Spills what is in memory; nothing happens without a store.
   *
   * @returns Numbers of the runs that are in the store now.
   */
  spillAll(): readonly number[];
  /** All distinct words with their counts, in code point order; read from the runs, so that they need not fit into memory. */
  entries(): Iterable<readonly [string, number]>;
  /**
   * The counts for a trainer. Reads spilled runs twice.
   *
   * @throws {InputError} A limit below 1.
   */
  counts(selection?: WordSelection): WordCounts;
  /** Forgets everything and frees the runs. */
  dispose(): void;
}

/** Bytes that a word takes in a `Map`, by estimate. */
const heldSize = (word: string): number => 96 + 2 * word.length;

/**
 * Makes a counter. In a worker thread make one for the same pipeline, send `wordCountsToBytes(counter.counts())` back,
 * and give them to `addCounts` of the main thread's.
 *
 * @throws {ConfigError} A component of the pipeline that is wrong.
 * @throws {UnsupportedError} A regular expression that has no counterpart.
 * @throws {InputError} `memory` below 1.
 */
export function createWordCounter(options: WordCounterOptions = {}): WordCounter {
  const { spill, memory = 512 * 2 ** 20 } = options;
  if (!(memory >= 1)) throw new InputError('memory', 'a number of bytes from 1', String(memory));
  const splitter = createWordSplitter(options);
  const runs = spill && createRunSet(spill);
  let seen = new Map<string, number>();
  let given = new Map<string, number>();
  let texts = 0;
  let characters = 0;
  let held = 0;

  /** Words of the parts that were seen, into those that were given. */
  const gather = (): WordCounts => {
    for (const [part, count] of seen) {
      for (const finished of splitter.finish(part)) given.set(finished, (given.get(finished) ?? 0) + count);
    }
    seen = new Map();
    return given;
  };
  const spillAll = () => {
    if (!runs || seen.size + given.size === 0) return;
    runs.add(eachSortedWord(gather()));
    given = new Map();
    held = 0;
  };
  const hold = (word: string) => {
    held += heldSize(word);
    if (held >= memory || seen.size + given.size >= mostWords) spillAll();
    if (seen.size + given.size >= mostWords) {
      throw new InputError('texts', `at most ${mostWords} distinct words, or a store to spill to`, 'more');
    }
  };
  const take = (word: string) => {
    const known = seen.get(word);
    if (known !== undefined) {
      seen.set(word, known + 1);
      return;
    }
    seen.set(ownText(word), 1);
    hold(word);
  };

  const entries = (): Iterable<readonly [string, number]> => {
    const inMemory = eachSortedWord(gather());
    const stored = runs?.readAll() ?? [];
    return stored.length === 0 ? inMemory : mergeRuns([...stored, inMemory]);
  };

  return {
    get texts() {
      return texts;
    },
    get characters() {
      return characters;
    },
    get runs() {
      return runs?.written ?? 0;
    },
    get held() {
      return held;
    },
    add(text) {
      splitter.split(text, take);
      texts += 1;
      characters += text.length;
    },
    addCounts(words) {
      for (const [word, count] of words) {
        checkCount(word, count);
        const known = given.get(word);
        given.set(word, (known ?? 0) + count);
        if (known === undefined) hold(word);
      }
    },
    spillAll() {
      spillAll();
      return runs?.kept ?? [];
    },
    entries,
    counts: (selection = {}) => selectWords(entries, selection),
    dispose() {
      runs?.clear();
      seen = new Map();
      given = new Map();
      held = 0;
    },
  };
}

/** A copy of a slice: V8 would keep the whole text for one long word of it. */
const ownText = (word: string): string => (word.length < 13 ? word : ` ${word}`.slice(1));
