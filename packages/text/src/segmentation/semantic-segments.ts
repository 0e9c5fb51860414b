import { InputError } from '@tesserae/core/data';

/**
 * What a classifier of sentence pairs sees (SAGE, arXiv 2503.01713, section 3.1; our reading, as there is no public
 * code): both embeddings, their difference and their product, end to end.
 *
 * @throws {InputError} Embeddings of different lengths.
 */
export function pairFeatures(first: ArrayLike<number>, second: ArrayLike<number>): Float32Array {
  const size = first.length;
  if (second.length !== size) throw new InputError('second', `${size} numbers`, String(second.length));
  return Float32Array.from({ length: 4 * size }, (_, index) => {
    const [a, b] = [first[index % size]!, second[index % size]!];
    return [a, b, a - b, a * b][Math.floor(index / size)]!;
  });
}

export interface SemanticOptions {
  /** Sentences of a lower score are cut apart, 0..1. Default 0.5. */
  readonly threshold?: number;
  /** Code points of a segment at most; what would be longer is cut. Default: no limit. */
  readonly maxLength?: number;
}

/**
 * Joins sentences into segments as long as neighbours belong together.
 *
 * @param sentences - Of a text, in order.
 * @param scores - How much each sentence belongs with the next, `sentences.length - 1` numbers.
 * @returns Segments of sentences.
 * @throws {InputError} Another number of scores, or NaN.
 */
export function semanticSegments(
  sentences: readonly string[],
  scores: ArrayLike<number>,
  options: SemanticOptions = {},
): string[][] {
  const { threshold = 0.5, maxLength = Infinity } = options;
  const gaps = Math.max(sentences.length - 1, 0);
  if (scores.length !== gaps) throw new InputError('scores', `${gaps}, one between sentences`, String(scores.length));
  const segments: string[][] = [];
  let length = 0;
  for (const [index, sentence] of sentences.entries()) {
    const size = [...sentence].length;
    const score = index === 0 ? -Infinity : scores[index - 1]!;
    if (Number.isNaN(score)) throw new InputError('scores', 'numbers', `NaN at ${index - 1}`, { code: 'not-finite' });
    if (score >= threshold && length + size <= maxLength) {
      segments.at(-1)!.push(sentence);
      length += size;
    } else {
      segments.push([sentence]);
      length = size;
    }
  }
  return segments;
}

export interface SelectionOptions {
  /** Segments at least. Default 1. */
  readonly minimum?: number;
  /** Segments at most. Default: all. */
  readonly maximum?: number;
  /** Selection ends where a score is below this share of the one before, 0..1. Default 0.5. */
  readonly gradient?: number;
}

/**
 * The segments that answer a question: the best ones, up to where scores fall steeply (SAGE, section 3.2; our reading).
 *
 * @param scores - Of every segment, at least 0.
 * @returns Indices, the best first; equals in their order.
 * @throws {InputError} Negative scores or NaN.
 */
export function selectByGradient(scores: ArrayLike<number>, options: SelectionOptions = {}): number[] {
  const { minimum = 1, maximum = Infinity, gradient = 0.5 } = options;
  const order = Array.from(scores, (score, index) => {
    if (!(score >= 0)) throw new InputError('scores', 'numbers of at least 0', `${score} at ${index}`);
    return index;
  }).toSorted((a, b) => scores[b]! - scores[a]! || a - b);
  let count = Math.min(minimum, order.length);
  while (count < Math.min(order.length, maximum)) {
    if (count > 0 && scores[order[count]!]! < gradient * scores[order[count - 1]!]!) break;
    count += 1;
  }
  return order.slice(0, Math.min(count, maximum));
}
