import type { RandomSource } from '@tesserae/core/data';
import { createMergeSpace, gatherTokens, mergeTracked, type MergeSpace, reserveMergeSpace } from '../bpe/merge';
import { createPairTable, findPair, type PairTable, setPair } from '../bpe/pair-table';
import { createRankHeap, popRank, pushRank } from '../bpe/rank-heap';
import { pieceType } from './model-proto';
import { splitSymbols } from './piece-models';
import { type FoundPiece, idOfPiece, type PieceVocabulary } from './vocabulary';

/** Merges of a SentencePiece BPE model: neighbours whose text is a piece, of the highest score, then the leftmost. */
export interface PieceMerges {
  readonly vocabulary: PieceVocabulary;
  readonly pairs: PairTable;
  /** Symbols of the characters that pieces are made of; those that are no piece themselves have numbers behind the ids. */
  readonly symbols: ReadonlyMap<string, number>;
  readonly hasUnused: boolean;
  readonly space: MergeSpace;
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
  return { vocabulary, pairs, symbols, hasUnused, space: createMergeSpace() };
}

/**
 * @param dropout - Probability of leaving out a merge for good (`alpha` of the library).
 */
export function encodeBpe(merges: PieceMerges, text: string, dropout = 0, random?: RandomSource): FoundPiece[] {
  const { vocabulary, space, symbols } = merges;
  const parts = splitSymbols(vocabulary, text);
  reserveMergeSpace(space, parts.length);
  for (const [index, { start, end, isSymbol }] of parts.entries()) {
    space.ids[index] = isSymbol ? lonely : (symbols.get(text.slice(start, end)) ?? lonely);
  }
  const splits = new Map<number, readonly [number, number]>();
  const isPlain = !merges.hasUnused && dropout === 0;
  const count = isPlain
    ? mergeTracked(space, parts.length, merges.pairs)
    : mergeObserved(
        merges,
        parts.length,
        splits,
        () => dropout > 0 && random !== undefined && random.uniform(1)[0]! < dropout,
      );
  const found: FoundPiece[] = [];
  for (let index = 0; index < count; index += 1) {
    const start = parts[space.previous[index]!]!.start;
    const end = index + 1 < count ? parts[space.previous[index + 1]!]!.start : text.length;
    if (merges.hasUnused) resegment(merges, splits, text, start, end, found);
    else found.push({ start, end, id: idOfPiece(vocabulary, text.slice(start, end)) });
  }
  return found;
}

/** Like `mergeTracked`, but leaves merges out, and remembers of unused pieces which two symbols last could make them. */
function mergeObserved(
  { pairs, space, vocabulary }: PieceMerges,
  length: number,
  splits: Map<number, readonly [number, number]>,
  isSkipped: () => boolean,
): number {
  const { ids, previous, next } = space;
  const heap = createRankHeap();
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
  }
  while (popRank(heap)) {
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
