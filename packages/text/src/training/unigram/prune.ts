import { bestPaths, createPathSpace } from './best-paths';
import { createLattice, fillLattice, type PieceModel } from './lattice';

/**
 * Which pieces stay: those that cannot be replaced, then those whose loss would cost most likelihood.
 *
 * @param texts - The pieces; the first is the unknown one.
 * @param size - Pieces that shall be left.
 * @returns Numbers of the pieces that stay, in their new order; more than `size` where more cannot be replaced.
 * @see prune_sentence_pieces of tokenizers/src/models/unigram/trainer.rs
 */
export function prunePieces(
  model: PieceModel,
  texts: readonly string[],
  words: readonly (readonly [string, number])[],
  size: number,
): number[] {
  const replacements = findReplacements(model, texts);
  const { counts, allWords } = bestCounts(model, words, texts.length);
  let sum = 0;
  for (const count of counts) sum += count;
  const logSum = Math.log(sum);
  const kept = [0];
  const candidates: { readonly piece: number; readonly loss: number }[] = [];
  for (let piece = 1; piece < texts.length; piece += 1) {
    const count = counts[piece]!;
    const { isNeeded, pieces } = replacements[piece]!;
    if (count === 0 && !isNeeded) continue;
    if (pieces.length === 0) {
      kept.push(piece);
      continue;
    }
    if (count === 0) continue;
    // The official code multiplies by the number of all pieces where that of the replacements is meant.
    const logSumWithout = Math.log(sum + count * (texts.length - 1));
    let logReplaced = 0;
    for (const other of pieces) logReplaced += Math.log(counts[other]! + count) - logSumWithout;
    candidates.push({ piece, loss: (count / allWords) * (Math.log(count) - logSum - logReplaced) });
  }
  candidates.sort((one, other) => other.loss - one.loss);
  for (const { piece } of candidates) {
    // Where more than `size` are needed already, nothing is pruned: so does the library.
    if (kept.length === size) break;
    kept.push(piece);
  }
  return kept;
}

interface Replacement {
  /** The piece stays even where no best path has it. */
  readonly isNeeded: boolean;
  /** What it is put together of without itself; nothing where it is a split anyway, or cannot be. */
  readonly pieces: readonly number[];
}

function findReplacements(model: PieceModel, texts: readonly string[]): Replacement[] {
  const lattice = createLattice();
  const space = createPathSpace();
  return texts.map((text, piece) => {
    if (piece === 0) return { isNeeded: false, pieces: [] };
    fillLattice(lattice, model, text);
    const [best, second] = bestPaths(space, lattice, 2);
    if (!second) return { isNeeded: true, pieces: [] };
    return best!.length > 1 ? { isNeeded: false, pieces: [] } : { isNeeded: true, pieces: second };
  });
}

/** How often pieces are on the best paths of all words. */
function bestCounts(model: PieceModel, words: readonly (readonly [string, number])[], size: number) {
  const lattice = createLattice();
  const space = createPathSpace();
  const counts = new Float64Array(size);
  let allWords = 0;
  for (const [word, count] of words) {
    allWords += count;
    fillLattice(lattice, model, word);
    for (const piece of bestPaths(space, lattice, 1)[0]!) counts[piece] = counts[piece]! + count;
  }
  return { counts, allWords };
}
