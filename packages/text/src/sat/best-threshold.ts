import { InputError } from '@tesserae/core/data';

/**
 * The score from which on to say yes for the best F1 score; of equally good ones the lowest (the largest
 * `2pr / (p + r + 1e-6)` over `precision_recall_curve` of scikit-learn).
 *
 * @param scores - Of examples, finite.
 * @param truth - 1 for the positive ones.
 * @throws {InputError} No examples, or another number of scores.
 */
export function bestThreshold(scores: ArrayLike<number>, truth: ArrayLike<number>): number {
  if (scores.length === 0 || scores.length !== truth.length) {
    throw new InputError('scores', `${truth.length} of at least one example`, String(scores.length));
  }
  const order = Array.from({ length: scores.length }, (_, index) => index).toSorted((a, b) => scores[b]! - scores[a]!);
  const positives = Array.from(truth).filter((value) => value === 1).length;
  let [hits, best, threshold] = [0, -1, scores[order[0]!]!];
  for (const [rank, index] of order.entries()) {
    if (truth[index] === 1) hits += 1;
    const next = order[rank + 1];
    if (next !== undefined && scores[next] === scores[index]) continue;
    const [precision, recall] = [hits / (rank + 1), positives === 0 ? 1 : hits / positives];
    const score = (2 * precision * recall) / (precision + recall + 1e-6);
    // From high to low: the last of equally good ones is the lowest.
    if (score >= best) [best, threshold] = [score, scores[index]!];
  }
  return threshold;
}
