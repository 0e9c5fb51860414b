import { InputError } from '@tesserae/core/data';
import { createSimplex } from '../mixture/simplex';
import { bestSegmentations, scoredPieces } from './best-segmentations';

/** A pre-token of a corpus and how often it occurs. */
export interface CountedPretoken {
  readonly text: string;
  readonly count: number;
}

export interface UnigramifyOptions {
  /** Other segmentations of a pre-token that must score less. Default 16. */
  readonly alternatives?: number;
  /** By how much. Default 1e-3. */
  readonly margin?: number;
  /** Cost of moving a score by 1. Default 0.01. */
  readonly regularization?: number;
}

/** Scores of a Unigram model that segments as another tokenizer does. */
export interface UnigramScores {
  /** By id: natural logarithms. */
  readonly scores: Float64Array;
  /** The same before: logarithms of how often each piece is part of a pre-token. */
  readonly initialScores: Float64Array;
  /** Share of the occurrences that the scores segment as wanted, 0..1. */
  readonly accuracy: number;
}

/**
 * Finds Unigram scores under which a vocabulary segments as the BPE that it came from (`unigramify` of zett, arXiv
 * 2405.07883, appendix): a linear program keeps scores near substring frequencies, and asks that the wanted segmentation
 * of every pre-token beats its best alternatives by a margin.
 *
 * @param pieces - Of the vocabulary, by id; empty texts stand for special tokens and keep the score 0.
 * @param pretokens - The most frequent ones; in the same alphabet as the pieces.
 * @param segment - What the other tokenizer makes of a pre-token: ids.
 * @throws {InputError} No pre-token, a count below 1, or a segmentation with an id that is none.
 */
export function unigramify(
  pieces: readonly string[],
  pretokens: readonly CountedPretoken[],
  segment: (pretoken: string) => ArrayLike<number>,
  options: UnigramifyOptions = {},
): UnigramScores {
  const { alternatives = 16, margin = 1e-3, regularization = 0.01 } = options;
  if (pretokens.length === 0) throw new InputError('pretokens', 'at least one', 'none');
  const initialScores = substringScores(pieces, pretokens);
  const wanted = pretokens.map(({ text }) => checkedIds(segment(text), pieces.length, text));
  const total = pretokens.reduce((sum, { count }) => sum + count, 0);
  const vocabulary = scoredPieces(pieces, initialScores);
  const constraints = pretokens.flatMap(({ text, count }, index) => {
    const target = wanted[index]!;
    return bestSegmentations(text, vocabulary, alternatives)
      .filter(({ ids }) => ids.join() !== target.join())
      .map(({ ids }) => ({ advantage: difference(target, ids), weight: (count * pretokens.length) / total }));
  });
  const scores = solve(constraints, initialScores, { margin, regularization });
  const changed = scoredPieces(pieces, scores);
  const right = pretokens.reduce((sum, { text, count }, index) => {
    return bestSegmentations(text, changed, 1)[0]?.ids.join() === wanted[index]!.join() ? sum + count : sum;
  }, 0);
  return { scores, initialScores, accuracy: right / total };
}

interface Constraint {
  /** How often each piece is in the wanted segmentation, less how often it is in the other. */
  readonly advantage: ReadonlyMap<number, number>;
  readonly weight: number;
}

/**
 * The dual of `min Σ weight · slack + regularization · Σ |score - initial|` where every advantage and its slack reach the
 * margin: one column a constraint, whose gain is what the initial scores lack. Moves of scores are the prices of rows.
 */
function solve(
  constraints: readonly Constraint[],
  initial: Float64Array,
  { margin, regularization }: { readonly margin: number; readonly regularization: number },
): Float64Array {
  const simplex = createSimplex();
  const rowsOf = new Map<number, readonly [up: number, down: number]>();
  const rows = (id: number) => {
    let found = rowsOf.get(id);
    if (!found) rowsOf.set(id, (found = [simplex.addRow(regularization), simplex.addRow(regularization)]));
    return found;
  };
  for (const { advantage, weight } of constraints) {
    let gain = margin;
    const column: [number, number][] = [[simplex.addRow(weight), 1]];
    for (const [id, times] of advantage) {
      const [up, down] = rows(id);
      column.push([up, times], [down, -times]);
      gain -= times * initial[id]!;
    }
    simplex.addColumn(column, gain);
  }
  if (constraints.length > 0) simplex.maximize();
  const prices = simplex.prices();
  const scores = Float64Array.from(initial);
  for (const [id, [up, down]] of rowsOf) scores[id]! += prices[up]! - prices[down]!;
  return scores;
}

/** `log((1 + occurrences) / Σ)`: occurrences as substrings, overlapping ones too (`compute_substring_prior`). */
function substringScores(pieces: readonly string[], pretokens: readonly CountedPretoken[]): Float64Array {
  const { idOf, longest } = scoredPieces(pieces, []);
  const counts = new Float64Array(pieces.length).fill(1);
  for (const { text, count } of pretokens) {
    if (!(count >= 1)) throw new InputError('pretokens', 'counts of at least 1', `${count} of ${JSON.stringify(text)}`);
    for (let start = 0; start < text.length; start += 1) {
      for (let end = start + 1; end <= Math.min(text.length, start + longest); end += 1) {
        const id = idOf.get(text.slice(start, end));
        if (id !== undefined) counts[id]! += count;
      }
    }
  }
  const total = counts.reduce((sum, count) => sum + count, 0);
  return counts.map((count, id) => (pieces[id] === '' ? 0 : Math.log(count / total)));
}

function difference(target: readonly number[], other: readonly number[]): ReadonlyMap<number, number> {
  const counts = new Map<number, number>();
  for (const id of target) counts.set(id, (counts.get(id) ?? 0) + 1);
  for (const id of other) counts.set(id, (counts.get(id) ?? 0) - 1);
  return new Map([...counts].filter(([, count]) => count !== 0));
}

function checkedIds(ids: ArrayLike<number>, size: number, text: string): readonly number[] {
  return Array.from(ids, (id) => {
    if (Number.isInteger(id) && id >= 0 && id < size) return id;
    throw new InputError('segment', `ids of 0..${size - 1}`, `${id} for ${JSON.stringify(text)}`);
  });
}
