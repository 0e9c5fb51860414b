/** Pieces of a text and the sum of their scores. */
export interface Segmentation {
  readonly ids: readonly number[];
  readonly score: number;
}

/** A vocabulary with a score for each piece. */
export interface ScoredPieces {
  readonly idOf: ReadonlyMap<string, number>;
  readonly scores: ArrayLike<number>;
  /** UTF-16 units of the longest piece. */
  readonly longest: number;
}

/** Pieces and what the search needs of them; a piece that occurs twice has its first id. */
export function scoredPieces(pieces: readonly string[], scores: ArrayLike<number>): ScoredPieces {
  const idOf = new Map<string, number>();
  for (const [id, piece] of pieces.entries()) if (piece !== '' && !idOf.has(piece)) idOf.set(piece, id);
  const longest = pieces.reduce((most, { length }) => Math.max(most, length), 0);
  return { idOf, scores, longest };
}

/** The best segmentations of a text, best first; equals in the order of their first pieces. */
export function bestSegmentations(text: string, vocabulary: ScoredPieces, count: number): Segmentation[] {
  const best: Segmentation[][] = [[{ ids: [], score: 0 }]];
  for (let end = 1; end <= text.length; end += 1) {
    const found: Segmentation[] = [];
    for (let start = Math.max(0, end - vocabulary.longest); start < end; start += 1) {
      const id = vocabulary.idOf.get(text.slice(start, end));
      if (id === undefined) continue;
      for (const { ids, score } of best[start]!)
        found.push({ ids: [...ids, id], score: score + vocabulary.scores[id]! });
    }
    best.push(found.toSorted((a, b) => b.score - a.score).slice(0, count));
  }
  return best.at(-1)!;
}
