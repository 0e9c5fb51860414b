import { InputError } from '@tesserae/core/data';
import type { TrainingProgress } from '../progress';
import type { WordCounts } from '../word-counts';
import { type AlphabetOptions, findAlphabet } from './alphabet';
import { createMergeQueue, dropFirst, type MergeQueue, pushMerge, recountFirst } from './merge-queue';
import { createMergeState, drainTouched, mergePair, type MergeState } from './merge-state';
import { type BpeStart, replayMerges } from './replay-merges';
import { createTokenNames, type TokenNames, tokenId } from './token-names';
import { spellWords, type SymbolMarks } from './training-words';
import { freeWords } from './word-lists';

/** Settings of the BPE trainer; names and defaults are those of the Hugging Face `BpeTrainer`. */
export interface BpeTrainingOptions extends AlphabetOptions, SymbolMarks {
  /** Tokens to stop at, special tokens and alphabet included. Default 30 000. */
  readonly vocabularySize?: number;
  /** Pairs that come less often are not merged. Default 0, which is as 1. */
  readonly minimumFrequency?: number;
  /** The first ids. Default: none. */
  readonly specialTokens?: readonly string[];
  /**
   * Pairs that a merge creates are not counted where they stand for so many characters or more; a quirk is that pairs
   * of the text as it came always are. Default: no limit.
   */
  readonly maximumTokenLength?: number;
  /** Merges to stop at, those of `resumeFrom` included. Default: no limit. */
  readonly maximumMerges?: number;
  /** Merges to tokens that this refuses are left out. Default: all are done. */
  readonly accepts?: (token: string) => boolean;
  /** A trained model whose tokens and merges come first: training goes on from there. */
  readonly resumeFrom?: BpeStart;
}

/** What the trainer learned. */
export interface TrainedBpe {
  readonly kind: 'bpe';
  /** Tokens in the order of their ids. */
  readonly tokens: readonly string[];
  /** Pairs of tokens in the order in which they are merged. */
  readonly merges: readonly (readonly [left: string, right: string])[];
  readonly specialTokens: readonly string[];
  readonly continuingSubwordPrefix?: string;
  readonly endOfWordSuffix?: string;
  /** What it took: merges done, entries taken from the queue, symbols of words looked at. */
  readonly work: { readonly merges: number; readonly entries: number; readonly symbols: number };
}

/** Merges between two reports. */
const reportEvery = 64;

/**
 * Learns byte-pair encoding as the Hugging Face `BpeTrainer` does: ids and merges are the same.
 *
 * Special tokens come first, then the alphabet by code point, then one token a merge: always the most frequent pair, of
 * equals the one with the smallest ids. With a prefix or a suffix the marked characters get their ids while the words
 * are walked. The library does that in an order that changes from run to run; here it is that of the code points.
 *
 * @param words - Distinct words after normalizing and pre-tokenizing.
 * @throws {InputError} An option out of its range.
 * @see tokenizers/src/models/bpe/trainer.rs
 */
export function* trainBpe(
  words: WordCounts,
  options: BpeTrainingOptions = {},
): Generator<TrainingProgress, TrainedBpe> {
  const { vocabularySize = 30_000, minimumFrequency = 0, specialTokens = [], maximumTokenLength, resumeFrom } = options;
  checkFrom0('vocabularySize', vocabularySize);
  checkFrom0('minimumFrequency', minimumFrequency);
  checkFrom0('maximumMerges', options.maximumMerges ?? 0);
  if (maximumTokenLength !== undefined) checkFrom0('maximumTokenLength', maximumTokenLength);

  const names = createTokenNames();
  for (const token of specialTokens) tokenId(names, token);
  for (const token of resumeFrom?.tokens ?? []) tokenId(names, token);
  for (const character of findAlphabet(words, options)) tokenId(names, character);

  yield { stage: 'count-pairs', done: 0, total: words.size };
  const spelled = spellWords(words, names, options, maximumTokenLength !== undefined);
  const state = createMergeState(spelled, maximumTokenLength ?? Infinity);
  yield { stage: 'count-pairs', done: words.size, total: words.size };

  const run: TrainingRun = { names, state, queue: createMergeQueue(), merges: [], entries: 0 };
  if (resumeFrom) run.merges.push(...(yield* replayMerges(state, names, resumeFrom)));
  yield* mergeMostFrequent(run, options);
  return {
    kind: 'bpe',
    tokens: names.texts,
    merges: withoutRepeats(run.merges).map(([left, right]) => [names.texts[left]!, names.texts[right]!] as const),
    specialTokens,
    ...(options.continuingSubwordPrefix !== undefined && { continuingSubwordPrefix: options.continuingSubwordPrefix }),
    ...(options.endOfWordSuffix !== undefined && { endOfWordSuffix: options.endOfWordSuffix }),
    work: { merges: run.merges.length, entries: run.entries, symbols: state.symbolsRead },
  };
}

interface TrainingRun {
  readonly names: TokenNames;
  readonly state: MergeState;
  readonly queue: MergeQueue;
  readonly merges: (readonly [number, number])[];
  /** Entries taken from the queue. */
  entries: number;
}

function* mergeMostFrequent(run: TrainingRun, options: BpeTrainingOptions): Generator<TrainingProgress, void> {
  const { vocabularySize = 30_000, minimumFrequency = 0, maximumMerges = Infinity, accepts } = options;
  const { continuingSubwordPrefix: prefix = '' } = options;
  const { names, state, queue, merges } = run;
  const { pairs } = state;
  const put = (pair: number, count: number, list: number) => pushMerge(queue, pairs, pair, count, list);
  drainTouched(state, put);
  while (names.texts.length < vocabularySize && merges.length < maximumMerges && queue.size > 0) {
    const pair = queue.pair[0]!;
    const count = asUnsigned(pairs.count[pair]!);
    run.entries += 1;
    if (queue.count[0] !== count) {
      recountFirst(queue, pairs, count);
      continue;
    }
    if (count < 1 || minimumFrequency > count) break;
    const list = queue.words[0]!;
    dropFirst(queue, pairs);
    const token = joinTokens(names, pairs.left[pair]!, pairs.right[pair]!, prefix);
    if (accepts && !accepts(token)) {
      freeWords(state.lists, list);
      continue;
    }
    const merged = tokenId(names, token);
    merges.push([pairs.left[pair]!, pairs.right[pair]!]);
    mergePair(state, pair, merged, list);
    drainTouched(state, put);
    if (merges.length % reportEvery === 0) {
      yield { stage: 'merge', done: names.texts.length, total: vocabularySize };
    }
  }
  yield { stage: 'merge', done: names.texts.length, total: names.texts.length };
}

/** Counts are compared unsigned: one that has fallen below 0 is larger than all others. */
const asUnsigned = (count: number): number => (count < 0 ? count + 2 ** 48 : count);

/** Text of two tokens; the second loses the prefix. */
export function joinTokens({ texts }: TokenNames, left: number, right: number, prefix: string): string {
  const second = texts[right]!;
  return texts[left]! + (second.startsWith(prefix) ? second.slice(prefix.length) : second);
}

/** A pair that was merged again later has the later rank only. */
function withoutRepeats(merges: readonly (readonly [number, number])[]): readonly (readonly [number, number])[] {
  const last = new Map<string, number>();
  for (const [index, [left, right]] of merges.entries()) last.set(`${left} ${right}`, index);
  return merges.length === last.size
    ? merges
    : merges.filter(([left, right], index) => last.get(`${left} ${right}`) === index);
}

function checkFrom0(name: string, value: number): void {
  if (!(value >= 0)) throw new InputError(name, 'a number from 0', String(value));
}
