import type { Refuse } from './from-json';
import { pieceType } from './model-proto';

/**
 * Scores by which SentencePiece merges what a list of merges does: minus the place of a piece among those that are made.
 * SentencePiece merges every two neighbors whose text is a piece, and knows one score a piece.
 *
 * @param tokens - By id.
 * @param types - Of the pieces; only normal ones are made.
 */
export function bpeScores(
  tokens: readonly string[],
  types: readonly number[],
  merges: readonly (string | readonly [string, string])[],
  refuse: Refuse,
): readonly number[] {
  const order = new Map<string, number>();
  const pairs = new Set<string>();
  let last: string | undefined;
  for (const [rank, merge] of merges.entries()) {
    const [left, right] = typeof merge === 'string' ? (merge.split(' ') as [string, string]) : merge;
    const made = left + right;
    pairs.add(pairKey(left, right));
    if (made === last) continue;
    if (order.has(made)) {
      throw refuse(`model.merges[${rank}]`, `makes ${JSON.stringify(made)} after other tokens that come behind it`);
    }
    order.set(made, order.size);
    last = made;
  }
  const normal = new Set(tokens.filter((_, id) => types[id] === pieceType.normal));
  for (const made of order.keys()) {
    if (!normal.has(made)) throw refuse('model.merges', `make ${JSON.stringify(made)}, which is no ordinary token`);
  }
  for (const piece of normal) checkSplits(piece, normal, pairs, refuse);
  return tokens.map((piece, id) => -(order.get(piece) ?? order.size + id));
}

/** Every way to make a piece of two has to be a merge. */
function checkSplits(piece: string, normal: ReadonlySet<string>, pairs: ReadonlySet<string>, refuse: Refuse): void {
  const characters = [...piece];
  for (let middle = 1; middle < characters.length; middle += 1) {
    const left = characters.slice(0, middle).join('');
    const right = characters.slice(middle).join('');
    const isSymbol = (text: string, count: number) => count === 1 || normal.has(text);
    if (!isSymbol(left, middle) || !isSymbol(right, characters.length - middle)) continue;
    if (!pairs.has(pairKey(left, right))) {
      throw refuse(
        'model.merges',
        `do not join ${JSON.stringify(left)} and ${JSON.stringify(right)}, which make a token`,
      );
    }
  }
}

/** Of two texts, whatever they hold. */
const pairKey = (left: string, right: string): string => `${left.length} ${left}${right}`;
