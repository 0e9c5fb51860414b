import type { RandomSource } from '@tesserae/core/data';
import { gatherTokens, type MergeSpace, reserveMergeSpace } from '../bpe/merge';
import { mergeSteps } from '../bpe/merge-steps';
import { createPairTable, findPair, type PairTable, setPair } from '../bpe/pair-table';
import { createRankHeap, popRank, pushRank } from '../bpe/rank-heap';
import { advanceInSteps, type Parts, type Steps, stepSize } from '../tokenizer/steps';
import { pieceType } from './model-proto';
import { beginSymbols, piecesAtOnce } from './piece-models';
import { type FoundPiece, idOfPiece, type PieceVocabulary } from './vocabulary';

/** Merges of a SentencePiece BPE model: neighbours whose text is a piece, of the highest score, then the leftmost. */
export interface PieceMerges {
  readonly vocabulary: PieceVocabulary;
  readonly pairs: PairTable;
  /** Symbols of the characters that pieces are made of; those that are no piece themselves have numbers behind the ids. */
  readonly symbols: ReadonlyMap<string, number>;
  readonly hasUnused: boolean;
}

/** A character of no piece, and a frozen symbol: nothing merges with it. */
const lonely = -2;

export function createPieceMerges(vocabulary: PieceVocabulary): PieceMerges {
  const { file, ids } = vocabulary;
  const symbols = new Map(ids);
  let next = file.pieces.length;
  for (const piece of ids.keys()) {
    for (const character of piece) if (!symbols.has(character)) symbols.set(character, next++);
  }
  const scores = [...new Set([...ids.values()].map((id) => file.pieces[id]!.score))].toSorted((a, b) => b - a);
  const rankOfScore = new Map(scores.map((score, rank) => [score, rank]));
  const pairs = createPairTable(ids.size * 3);
  for (const [piece, id] of ids) {
    const rank = rankOfScore.get(file.pieces[id]!.score)!;
    for (let middle = 1; middle < piece.length; middle += 1) {
      const left = symbols.get(piece.slice(0, middle));
      const right = left === undefined ? undefined : symbols.get(piece.slice(middle));
      if (left !== undefined && right !== undefined) setPair(pairs, left, right, rank, id);
    }
  }
  const hasUnused = file.pieces.some(({ type }) => type === pieceType.unused);
  return { vocabulary, pairs, symbols, hasUnused };
}

/** What the search for merges may leave out. */
export interface MergeDrawing {
  /** Probability of leaving out a merge for good (`alpha` of the library). */
  readonly dropout: number;
  readonly random: RandomSource;
}

/**
 * The pieces of a text, some at a time.
 *
 * @param space - Nobody else may use it until the last step.
 */
export function* bpeParts(
  merges: PieceMerges,
  text: string,
  space: MergeSpace,
  drawing?: MergeDrawing,
): Parts<readonly FoundPiece[]> {
  const { vocabulary, symbols, pairs, hasUnused } = merges;
  const { parts, advance } = beginSymbols(vocabulary, text);
  yield* advanceInSteps(advance);
  const { starts, isSymbol, count: length } = parts;
  yield;
  reserveMergeSpace(space, length);
  yield* advanceInSteps((until) => {
    for (let index = Math.max(0, until - stepSize); index < Math.min(until, length); index += 1) {
      const symbol = isSymbol[index] ? undefined : symbols.get(text.slice(starts[index], starts[index + 1]));
      space.ids[index] = symbol ?? lonely;
    }
    return until >= length;
  });
  const splits = new Map<number, readonly [number, number]>();
  const count =
    hasUnused || drawing
      ? yield* mergeObserved(merges, space, length, splits, drawing)
      : yield* mergeSteps(space, length, pairs);
  for (let from = 0; from < count; from += piecesAtOnce) {
    const found: FoundPiece[] = [];
    for (let index = from; index < Math.min(count, from + piecesAtOnce); index += 1) {
      const start = starts[space.previous[index]!]!;
      const end = index + 1 < count ? starts[space.previous[index + 1]!]! : text.length;
      if (hasUnused) resegment(merges, splits, text, start, end, found);
      else found.push({ start, end, id: idOfPiece(vocabulary, text.slice(start, end)) });
    }
    yield found;
  }
}

/** Like `mergeTracked`, but leaves merges out, and remembers of unused pieces which two symbols last could make them. */
function* mergeObserved(
  { pairs, vocabulary }: PieceMerges,
  space: MergeSpace,
  length: number,
  splits: Map<number, readonly [number, number]>,
  drawing: MergeDrawing | undefined,
): Steps<number> {
  const { ids, previous, next } = space;
  const heap = createRankHeap();
  const isSkipped = () => drawing !== undefined && drawing.random.uniform(1)[0]! < drawing.dropout;
  const offer = (left: number, right: number) => {
    const found = findPair(pairs, ids[left]!, ids[right]!);
    if (found < 0) return;
    pushRank(heap, pairs.slots[found + 2]!, left);
    const merged = pairs.slots[found + 3]!;
    if (vocabulary.file.pieces[merged]!.type === pieceType.unused) splits.set(merged, [ids[left]!, ids[right]!]);
  };
  for (let index = 0; index < length; index += 1) {
    previous[index] = index - 1;
    next[index] = index + 1;
    if (index > 0) offer(index - 1, index);
    if (index % stepSize === stepSize - 1) yield;
  }
  for (let taken = 1; popRank(heap); taken += 1) {
    if (taken % stepSize === 0) yield;
    const { rank, position } = heap;
    const right = next[position]!;
    if (ids[position] === -1 || right >= length) continue;
    const found = findPair(pairs, ids[position]!, ids[right]!);
    if (found < 0 || pairs.slots[found + 2] !== rank || isSkipped()) continue;
    ids[position] = pairs.slots[found + 3]!;
    ids[right] = -1;
    const after = next[right]!;
    next[position] = after;
    if (after < length) previous[after] = position;
    const before = previous[position]!;
    if (before >= 0) offer(before, position);
    if (after < length) offer(position, after);
    space.merges += 1;
  }
  return gatherTokens(space, length);
}

/** Splits an unused piece along the symbols that made it, again and again. */
function resegment(
  { vocabulary, symbols }: PieceMerges,
  splits: ReadonlyMap<number, readonly [number, number]>,
  text: string,
  start: number,
  end: number,
  found: FoundPiece[],
): void {
  const texts = new Map([...splits.values()].flat().map((symbol) => [symbol, '']));
  if (texts.size > 0) for (const [piece, symbol] of symbols) if (texts.has(symbol)) texts.set(symbol, piece);
  const split = (from: number, to: number): void => {
    const id = idOfPiece(vocabulary, text.slice(from, to));
    const parts = vocabulary.file.pieces[id]!.type === pieceType.unused ? splits.get(id) : undefined;
    if (!parts) {
      found.push({ start: from, end: to, id });
      return;
    }
    const middle = from + texts.get(parts[0])!.length;
    split(from, middle);
    split(middle, to);
  };
  split(start, end);
}
