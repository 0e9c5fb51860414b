import { InputError } from '../errors/input-error';
import type { Json } from '../signal/signal';
import {
  addItem,
  emptyOccurrences,
  type FirstOccurrences,
  innovationOf,
  loadOccurrences,
  mergeOccurrences,
  saveOccurrences,
} from './first-occurrences';
import { logSpaced } from './log-spaced';
import { type ScanOrder, scanPositions } from './scan-order';
import { type TokenAccumulator, tokenAccumulator } from './token-accumulator';
import { absent, type TokenSymbol } from './token-stream';
import { logLogFit } from './zipf';

export interface HeapsOptions {
  /** Points of the curve, evenly spaced in the logarithm; at least 2, default 64. */
  readonly points?: number;
}

/** How the number of different codes grows with the number of tokens. */
export interface HeapsCurve {
  readonly tokens: number;
  readonly types: number;
  /** Tokens read and codes seen by then, ascending; the last point is all of them. */
  readonly curve: readonly (readonly [tokens: number, types: number])[];
  /** `types = factor · tokens^exponent` by least squares of the logarithms over the curve; NaN for fewer than two points. */
  readonly exponent: number;
  readonly factor: number;
  readonly r2: number;
}

/** Curve of a set of items. */
export interface ItemHeapsCurve extends HeapsCurve {
  /** Token innovation: codes that each item is the first to have. */
  readonly newTypes: readonly number[];
}

/**
 * Heaps' law of one sequence of ids, in the order in which they come; -1 is left out.
 *
 * @throws {InputError} Fewer than 2 points.
 * @see Heaps, Information retrieval: computational and theoretical aspects, 1978, section 7.5.
 */
export function heapsCurve(ids: ArrayLike<TokenSymbol>, { points = 64 }: HeapsOptions = {}): HeapsCurve {
  checkPoints(points);
  const occurrences = emptyOccurrences();
  addItem(
    occurrences,
    Array.from(ids).filter((id) => id !== absent),
  );
  return curveOf(occurrences, points);
}

/**
 * Heaps' law and token innovation of every level of a set of items, in the order in which they are added.
 *
 * @param options.order - How a grid is read. Default `row`.
 * @param saved - What `toJSON` gave.
 * @throws {InputError} Fewer than 2 points.
 */
export function heapsAccumulator(
  { points = 64, order = 'row' }: HeapsOptions & { readonly order?: ScanOrder } = {},
  saved?: Json,
): TokenAccumulator<ItemHeapsCurve> {
  checkPoints(points);
  return tokenAccumulator<FirstOccurrences, ItemHeapsCurve>(
    {
      metric: 'heaps',
      options: { points, order },
      create: emptyOccurrences,
      add: (occurrences, { shape, symbols }) => {
        const ordered = Array.from(scanPositions(shape, order), (position) => symbols[position]!);
        addItem(
          occurrences,
          ordered.filter((symbol) => symbol !== absent),
        );
      },
      merge: mergeOccurrences,
      value: (occurrences) => ({ ...curveOf(occurrences, points), newTypes: innovationOf(occurrences).newTypes }),
      save: saveOccurrences,
      load: loadOccurrences,
    },
    saved,
  );
}

function curveOf({ total, first }: FirstOccurrences, points: number): HeapsCurve {
  const positions = Float64Array.from(first.values(), ([position]) => position).sort();
  let types = 0;
  const curve = logSpaced(total, points).map((read): readonly [number, number] => {
    while (types < positions.length && positions[types]! < read) types += 1;
    return [read, types];
  });
  const { slope, scale, r2 } = logLogFit(
    Float64Array.from(curve, ([read]) => read),
    Float64Array.from(curve, ([, seen]) => seen),
  );
  const fitted = curve.length >= 2;
  return {
    tokens: total,
    types: positions.length,
    curve,
    exponent: fitted ? slope : Number.NaN,
    factor: fitted ? scale : Number.NaN,
    r2: fitted ? r2 : Number.NaN,
  };
}

function checkPoints(points: number): void {
  if (!Number.isInteger(points) || points < 2) {
    throw new InputError('points', 'a whole number of at least 2', String(points));
  }
}
