import { advanceInSteps, type Parts, stepSize } from '../tokenizer/steps';
import { createUnitTrie, type UnitTrie } from '../trie/unit-trie';
import { beginPath, extendPath, linkPath, type PathModel } from '../unigram/best-path';
import { pieceType } from './model-proto';
import { piecesAtOnce } from './piece-models';
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
  /** For the most probable segmentation. */
  readonly paths: PathModel;
}

const unknownPenalty = 10;
/** Where the library begins to look for the largest score: the smallest positive float. */
const smallestFloat = 1.1754943508222875e-38;

export function createPieceLattice(vocabulary: PieceVocabulary): PieceLattice {
  const { pieces } = vocabulary.file;
  const trie = createUnitTrie([...vocabulary.ids]);
  const lattice = {
    vocabulary,
    trie,
    scores: Float64Array.from(pieces, ({ score, type }) => (type === pieceType.unused ? NaN : score)),
    isUserDefined: Uint8Array.from(pieces, ({ type }) => Number(type === pieceType.userDefined)),
    unknownScore: Math.fround(vocabulary.minimumScore - unknownPenalty),
    maximumScore: pieces.reduce(
      (most, { score, type }) => (type === pieceType.normal ? Math.max(most, score) : most),
      smallestFloat,
    ),
  };
  const paths: PathModel = {
    trie,
    scores: lattice.scores.map((_, id) => pieceScore(lattice, id, vocabulary.lengths[id]!)),
    unknownId: vocabulary.unknownId,
    scoreUnknown: (here) => Math.fround(lattice.unknownScore + here),
  };
  return { ...lattice, paths };
}

/** Score of a piece of `length` (bytes here, characters in the lattice); user-defined symbols always win. */
export function pieceScore(
  { scores, isUserDefined, maximumScore }: Pick<PieceLattice, 'scores' | 'isUserDefined' | 'maximumScore'>,
  id: number,
  length: number,
): number {
  return isUserDefined[id] ? Math.fround(length * maximumScore) - 0.1 : scores[id]!;
}

/**
 * The most probable segmentation, some pieces at a time. Path scores are kept as float32 and candidates compared before
 * they are rounded, so that ties fall as in the C++ library.
 */
export function* unigramParts(lattice: PieceLattice, text: string): Parts<readonly FoundPiece[]> {
  const path = beginPath(text, new Float32Array(text.length + 1));
  yield* advanceInSteps((until) => extendPath(path, lattice.paths, until));
  while (!linkPath(path, stepSize)) yield;
  for (let start = 0; start < text.length;) {
    const found: FoundPiece[] = [];
    while (start < text.length && found.length < piecesAtOnce) {
      const end = path.joints[start]!;
      found.push({ start, end, id: path.ids[end]! });
      start = end;
    }
    yield found;
  }
}
