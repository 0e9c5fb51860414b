import { InputError } from '@tesserae/core/data';
import type { BoundlessBpeModel, TimedDeletion, TimedMerge } from '../../boundless-bpe/model';
import { writeByteCharacters } from '../../bytes/byte-alphabet';
import { utf8Encode } from '../../bytes/utf8';
import { compilePattern } from '../../regex/translate';
import type { TrainingProgress } from '../progress';
import { type BestPairs, createBestPairs } from './best-pairs';
import type { Documents } from './documents';
import { createLinkedTokens, type LinkedTokens, mergeEverywhere, openToken, splitEverywhere } from './linked-tokens';
import { type BoundlessBpeTrainingOptions, pretokenPattern, supermergePattern } from './settings';
import { bytesToUnits, createTokenTable, type TokenTable, tokenNumber, unitsToText } from './token-table';

/** Merges between two reports. */
const reportEvery = 64;

/**
 * Learns BoundlessBPE: the most frequent pair is merged, be it of tokens within a pre-token or of two neighboring
 * pre-tokens that have become one token each (a supermerge); of equals supermerges come first, then the order of the
 * bytes. After a merge of `a` and `b`, a token that it took nearly all occurrences of is deleted (PickyBPE).
 *
 * Without deletions and supermerges this is byte-pair encoding, but for ties and for runs like `aaa`, which have one
 * pair here.
 *
 * @param documents - Made with the same `pattern` and `supermerges`.
 * @throws {InputError} An option out of its range.
 * @see BoundlessBPE (arXiv 2504.00178), PickyBPE (arXiv 2409.04599); boundlessbpetrain.py of kensho-technologies/boundlessbpe
 */
export function* trainBoundlessBpe(
  documents: Documents,
  options: BoundlessBpeTrainingOptions = {},
): Generator<TrainingProgress, BoundlessBpeModel> {
  const { vocabularySize = 131_072, minimumFrequency = 1, supermerges = true } = options;
  checkOptions(options);
  yield { stage: 'count-pairs', done: 0, total: documents.pretokens.length };
  const run = startRun(documents, options);
  yield { stage: 'count-pairs', done: documents.pretokens.length, total: documents.pretokens.length };
  for (let steps = 1; run.vocabulary.size < vocabularySize; steps += 1) {
    run.words.best.update();
    run.phrases.best.update();
    const word = run.words.best.first();
    const phrase = supermerges ? run.phrases.best.first() : undefined;
    const best = (word?.count ?? 0) > (phrase?.count ?? 0) ? word : phrase;
    if (!best || best.count < minimumFrequency) break;
    if (best === word) mergeWords(run, best.pair, best.count, options);
    else mergePhrases(run, best.pair);
    if (steps % reportEvery === 0) yield { stage: 'merge', done: run.vocabulary.size, total: vocabularySize };
  }
  yield { stage: 'merge', done: run.vocabulary.size, total: run.vocabulary.size };
  const shown = (text: string): string => writeByteCharacters(Uint8Array.from(text, (unit) => unit.charCodeAt(0)));
  const showMerge = ({ time, left, right }: TimedMerge): TimedMerge => ({
    time,
    left: shown(left),
    right: shown(right),
  });
  const tokens = [...run.vocabulary].map(shown);
  return {
    kind: 'boundless-bpe',
    pattern: options.pattern ?? pretokenPattern,
    tokens,
    specialTokens: new Map((options.specialTokens ?? []).map((token, index) => [token, tokens.length + index])),
    merges: run.merges.map(showMerge),
    deletions: run.deletions.map(({ time, token }) => ({ time, token: shown(token) })),
    supermerges: run.supermerges.map(showMerge),
  };
}

interface Level {
  readonly linked: LinkedTokens;
  readonly best: BestPairs;
}

interface BoundlessRun {
  readonly table: TokenTable;
  /** Texts of the tokens in the order in which they came up. */
  readonly vocabulary: Set<string>;
  readonly words: Level;
  readonly phrases: Level;
  /** Occurrences of each token within pre-tokens. */
  readonly occurrences: Map<number, number>;
  /** The pair of the first merge to each token. */
  readonly firstPairs: Map<number, readonly [number, number]>;
  /** Places of a whole pre-token among the phrases. */
  readonly placesOf: (token: number) => ArrayLike<number>;
  readonly canJoin: (text: string) => boolean;
  readonly merges: TimedMerge[];
  readonly deletions: TimedDeletion[];
  readonly supermerges: TimedMerge[];
}

function startRun(documents: Documents, options: BoundlessBpeTrainingOptions): BoundlessRun {
  const table = createTokenTable();
  const vocabulary = new Set(table.texts);
  const pretokens = documents.pretokens.map((pretoken) => utf8Encode(pretoken));
  const words = linkWords(pretokens, documents.counts);
  const occurrences = new Map<number, number>();
  for (const [place, token] of words.tokens.entries()) {
    if (token >= 0) occurrences.set(token, (occurrences.get(token) ?? 0) + words.weights![place]!);
  }
  const numbers = pretokens.map((pretoken) => tokenNumber(table, bytesToUnits(pretoken)));
  const phrases = linkPhrases(documents.sequence(), numbers);
  const pattern = compilePattern(`(?:${options.supermergePattern ?? supermergePattern})`, 'rust');
  return {
    table,
    vocabulary,
    words: { linked: words, best: createBestPairs(words, table, vocabulary) },
    phrases: { linked: phrases, best: createBestPairs(phrases, table, vocabulary) },
    occurrences,
    firstPairs: new Map(),
    placesOf: groupPlaces(phrases.tokens, table.texts.length),
    canJoin(text) {
      const decoded = unitsToText(text);
      pattern.lastIndex = 0;
      // In Python `$` also matches before a newline at the end.
      return decoded !== undefined && pattern.exec(decoded.replace(/\n$/, ''))?.index === 0;
    },
    merges: [],
    deletions: [],
    supermerges: [],
  };
}

function linkWords(pretokens: readonly Uint8Array[], counts: readonly number[]): LinkedTokens {
  const length = pretokens.reduce((sum, pretoken) => sum + pretoken.length + 1, 1);
  const tokens = new Int32Array(length).fill(-1);
  const weights = new Int32Array(length);
  let at = 1;
  for (const [index, pretoken] of pretokens.entries()) {
    tokens.set(pretoken, at);
    weights.fill(counts[index]!, at, at + pretoken.length);
    at += pretoken.length + 1;
  }
  return createLinkedTokens(tokens, weights, false);
}

function linkPhrases(sequence: Int32Array, numbers: readonly number[]): LinkedTokens {
  const tokens = new Int32Array(sequence.length + 1).fill(-1);
  for (const [index, pretoken] of sequence.entries()) if (pretoken >= 0) tokens[index + 1] = numbers[pretoken]!;
  return createLinkedTokens(tokens, undefined, true);
}

/** Places by token, ascending. */
function groupPlaces(tokens: Int32Array, count: number): (token: number) => Int32Array {
  const starts = new Int32Array(count + 1);
  for (const token of tokens) if (token >= 0) starts[token + 1] = starts[token + 1]! + 1;
  for (let token = 0; token < count; token += 1) starts[token + 1] = starts[token + 1]! + starts[token]!;
  const filled = starts.slice();
  const places = new Int32Array(starts[count]!);
  for (const [place, token] of tokens.entries()) {
    if (token < 0) continue;
    places[filled[token]!] = place;
    filled[token] = filled[token]! + 1;
  }
  return (token) => (token < count ? places.subarray(starts[token]!, starts[token + 1]!) : places.subarray(0, 0));
}

const timeOf = ({ merges, deletions, supermerges }: BoundlessRun): number =>
  merges.length + deletions.length + supermerges.length;

function mergeWords(run: BoundlessRun, pair: number, count: number, options: BoundlessBpeTrainingOptions): void {
  const { table, words, occurrences, vocabulary, phrases } = run;
  const { deletionThreshold = 0.9 } = options;
  const left = words.linked.pairs.left[pair]!;
  const right = words.linked.pairs.right[pair]!;
  const shares = [left, right].map((token) => ({ token, share: count / occurrences.get(token)! }));
  const text = table.texts[left]! + table.texts[right]!;
  const merged = tokenNumber(table, text);
  const outcome = mergeEverywhere(words.linked, pair, merged);
  for (const token of [left, right]) occurrences.set(token, occurrences.get(token)! - outcome.count);
  occurrences.set(merged, (occurrences.get(merged) ?? 0) + outcome.count);
  run.merges.push({ time: timeOf(run), left: table.texts[left]!, right: table.texts[right]! });
  vocabulary.add(text);
  if (!run.firstPairs.has(merged)) run.firstPairs.set(merged, [left, right]);
  for (const { token, share } of shares) {
    if (token > 255 && share >= deletionThreshold) deleteToken(run, token, options);
  }
  if (outcome.hasWhole && run.canJoin(text)) openToken(phrases.linked, merged, run.placesOf(merged));
}

function deleteToken(run: BoundlessRun, token: number, options: BoundlessBpeTrainingOptions): void {
  const { table, words, occurrences, vocabulary } = run;
  const text = table.texts[token]!;
  const parts = partsOf(run, token, options);
  const lengths = parts.map((part) => table.texts[part]!.length);
  const count = splitEverywhere(words.linked, token, parts, lengths);
  occurrences.set(token, 0);
  for (const part of parts) occurrences.set(part, (occurrences.get(part) ?? 0) + count);
  run.deletions.push({ time: timeOf(run), token: text });
  if (options.deletedTokens !== 'free') return;
  vocabulary.delete(text);
  words.best.release(text);
  run.phrases.best.release(text);
}

function partsOf(run: BoundlessRun, token: number, options: BoundlessBpeTrainingOptions): readonly number[] {
  const { table, vocabulary, firstPairs } = run;
  if (options.split !== 'pair') return Array.from(table.texts[token]!, (unit) => unit.charCodeAt(0));
  return firstPairs
    .get(token)!
    .flatMap((part) => (vocabulary.has(table.texts[part]!) ? [part] : partsOf(run, part, options)));
}

function mergePhrases(run: BoundlessRun, pair: number): void {
  const { table, phrases, vocabulary } = run;
  const left = table.texts[phrases.linked.pairs.left[pair]!]!;
  const right = table.texts[phrases.linked.pairs.right[pair]!]!;
  const merged = tokenNumber(table, left + right);
  // A pre-token with the same text may be merged from now on, too.
  openToken(phrases.linked, merged, run.placesOf(merged));
  mergeEverywhere(phrases.linked, pair, merged);
  run.supermerges.push({ time: timeOf(run), left, right });
  vocabulary.add(left + right);
}

function checkOptions({
  vocabularySize = 256,
  minimumFrequency = 1,
  deletionThreshold = 0.9,
}: BoundlessBpeTrainingOptions): void {
  if (!(vocabularySize >= 256)) throw new InputError('vocabularySize', 'a number from 256', String(vocabularySize));
  if (!(minimumFrequency >= 1)) throw new InputError('minimumFrequency', 'a number from 1', String(minimumFrequency));
  if (!(deletionThreshold > 0))
    throw new InputError('deletionThreshold', 'a number above 0', String(deletionThreshold));
}
