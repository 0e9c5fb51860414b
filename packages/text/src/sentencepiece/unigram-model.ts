import { createUnitTrie, trieStep, type UnitTrie } from '../trie/unit-trie';
import { pieceType } from './model-proto';
import type { FoundPiece, PieceVocabulary } from './vocabulary';

/** A SentencePiece unigram model ready to encode. */
export interface PieceLattice {
  readonly vocabulary: PieceVocabulary;
  readonly trie: UnitTrie;
  /** Scores of the pieces that may be used; NaN marks unused ones. */
  readonly scores: Float64Array;
  readonly unknownScore: number;
  readonly isUserDefined: Uint8Array;
  readonly maximumScore: number;
}

const unknownPenalty = 10;
/** Where the library begins to look for the largest score: the smallest positive float. */
const smallestFloat = 1.1754943508222875e-38;

export function createPieceLattice(vocabulary: PieceVocabulary): PieceLattice {
  const { pieces } = vocabulary.file;
  return {
    vocabulary,
    trie: createUnitTrie([...vocabulary.ids]),
    scores: Float64Array.from(pieces, ({ score, type }) => (type === pieceType.unused ? NaN : score)),
    isUserDefined: Uint8Array.from(pieces, ({ type }) => Number(type === pieceType.userDefined)),
    unknownScore: Math.fround(vocabulary.minimumScore - unknownPenalty),
    maximumScore: pieces.reduce(
      (most, { score, type }) => (type === pieceType.normal ? Math.max(most, score) : most),
      smallestFloat,
    ),
  };
}

/** Score of a piece of `length` (bytes here, characters in the lattice); user-defined symbols always win. */
export function pieceScore({ scores, isUserDefined, maximumScore }: PieceLattice, id: number, length: number): number {
  return isUserDefined[id] ? Math.fround(length * maximumScore) - 0.1 : scores[id]!;
}

/**
 * The most probable segmentation. Path scores are kept as float32 and candidates compared before they are rounded, so
 * that ties fall as in the C++ library.
 */
export function encodeUnigram(lattice: PieceLattice, text: string): FoundPiece[] {
  const { trie, vocabulary, scores } = lattice;
  const best = new Float32Array(text.length + 1);
  const from = new Int32Array(text.length + 1).fill(-1);
  const ids = new Int32Array(text.length + 1);
  const offer = (end: number, start: number, score: number, id: number) => {
    if (from[end] !== -1 && !(score > best[end]!)) return;
    best[end] = score;
    from[end] = start;
    ids[end] = id;
  };
  for (let start = 0; start < text.length;) {
    const length = text.codePointAt(start)! > 0xffff ? 2 : 1;
    const here = best[start]!;
    let hasSingle = false;
    for (let at = start, node = 0; at < text.length; at += 1) {
      node = trieStep(trie, node, text.charCodeAt(at));
      if (node < 0) break;
      const id = trie.values[node]!;
      if (id < 0 || Number.isNaN(scores[id])) continue;
      offer(at + 1, start, pieceScore(lattice, id, vocabulary.lengths[id]!) + here, id);
      if (at + 1 - start === length) hasSingle = true;
    }
    if (!hasSingle) {
      offer(start + length, start, Math.fround(lattice.unknownScore + here), vocabulary.unknownId);
    }
    start += length;
  }
  const found: FoundPiece[] = [];
  for (let end = text.length; end > 0; end = from[end]!) found.push({ start: from[end]!, end, id: ids[end]! });
  return found.reverse();
}
