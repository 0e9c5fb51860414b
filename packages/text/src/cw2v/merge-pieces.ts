/** A piece of a SentencePiece model. */
export interface ScoredPiece {
  readonly piece: string;
  readonly score: number;
}

/**
 * A vocabulary with the unseen pieces of another one behind its own, at score 0: how Llama vocabularies are extended.
 *
 * @returns The pieces, and how many are new; ids of the old ones stay.
 */
export function mergePieces<Piece extends ScoredPiece>(
  base: readonly Piece[],
  added: readonly Piece[],
): { readonly pieces: readonly Piece[]; readonly newPieces: number } {
  const known = new Set(base.map(({ piece }) => piece));
  const pieces = [...base];
  for (const entry of added) {
    if (known.has(entry.piece)) continue;
    known.add(entry.piece);
    pieces.push({ ...entry, score: 0 });
  }
  return { pieces, newPieces: pieces.length - base.length };
}
