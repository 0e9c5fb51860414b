import { InputError } from '@tesserae/core/data';
import { finiteRowCount, type Matrix, rowOf } from '../numeric/matrix';

export interface TilingOptions {
  /** Units on each side of a gap that are compared. Default 10. */
  readonly block?: number;
  /** A cut needs a depth above the mean depth less this many standard deviations. Default 0.5. */
  readonly deviations?: number;
}

/**
 * TextTiling (Hearst 1997): cuts between units (sentences, paragraphs) whose words differ most from those behind them.
 *
 * @param units - Words of every unit, lower case, stop words left out.
 * @returns Ends of segments, exclusive, ascending, without that of the last one.
 * @throws {InputError} A block below 1.
 */
export function textTiling(units: readonly (readonly string[])[], options: TilingOptions = {}): number[] {
  const { block = 10, deviations = 0.5 } = options;
  if (!Number.isSafeInteger(block) || block < 1)
    throw new InputError('block', 'an integer of at least 1', String(block));
  const similarities = Array.from({ length: Math.max(units.length - 1, 0) }, (_, gap) => {
    const before = countWords(units.slice(Math.max(0, gap + 1 - block), gap + 1));
    return cosineOfCounts(before, countWords(units.slice(gap + 1, gap + 1 + block)));
  });
  return deepestGaps(similarities, deviations);
}

/**
 * The same over embeddings of units: cuts where neighbours differ most.
 *
 * @param embeddings - One row a unit.
 * @throws {InputError} NaN or infinity.
 * @throws {ShapeError} No whole rows.
 */
export function embeddingTiling(embeddings: Matrix, options: TilingOptions = {}): number[] {
  const { block = 1, deviations = 0.5 } = options;
  const rows = finiteRowCount('embeddings', embeddings);
  const mean = (start: number, end: number) => {
    const sum = new Float64Array(embeddings.columns);
    for (let row = start; row < end; row += 1) rowOf(embeddings, row).forEach((value, at) => (sum[at]! += value));
    return sum;
  };
  const similarities = Array.from({ length: Math.max(rows - 1, 0) }, (_, gap) =>
    cosine(mean(Math.max(0, gap + 1 - block), gap + 1), mean(gap + 1, Math.min(rows, gap + 1 + block))),
  );
  return deepestGaps(similarities, deviations);
}

/** Gaps that are valleys, deep enough: depth is how far the similarity rises on both sides. */
function deepestGaps(similarities: readonly number[], deviations: number): number[] {
  const climb = (gap: number, step: number) => {
    let top = similarities[gap]!;
    for (let at = gap + step; at >= 0 && at < similarities.length && similarities[at]! >= top; at += step) {
      top = similarities[at]!;
    }
    return top - similarities[gap]!;
  };
  const depths = similarities.map((_, gap) => climb(gap, -1) + climb(gap, 1));
  const mean = depths.reduce((sum, depth) => sum + depth, 0) / depths.length;
  const variance = depths.reduce((sum, depth) => sum + (depth - mean) ** 2, 0) / depths.length;
  const limit = mean - deviations * Math.sqrt(variance);
  return depths.flatMap((depth, gap) => {
    const isValley = depth > (depths[gap - 1] ?? 0) - 1e-12 && depth >= (depths[gap + 1] ?? 0);
    return depth > 0 && depth > limit && isValley ? [gap + 1] : [];
  });
}

function countWords(units: readonly (readonly string[])[]): ReadonlyMap<string, number> {
  const counts = new Map<string, number>();
  for (const word of units.flat()) counts.set(word, (counts.get(word) ?? 0) + 1);
  return counts;
}

function cosineOfCounts(a: ReadonlyMap<string, number>, b: ReadonlyMap<string, number>): number {
  const words = [...new Set([...a.keys(), ...b.keys()])];
  const list = (counts: ReadonlyMap<string, number>) => Float64Array.from(words, (word) => counts.get(word) ?? 0);
  return cosine(list(a), list(b));
}

function cosine(a: Float64Array, b: Float64Array): number {
  const dot = a.reduce((sum, value, at) => sum + value * b[at]!, 0);
  const squares = (values: Float64Array): number => values.reduce((sum, value) => sum + value * value, 0);
  const norms = Math.sqrt(squares(a)) * Math.sqrt(squares(b));
  return norms > 0 ? dot / norms : 0;
}
