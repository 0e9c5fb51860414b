import { InputError } from '@tesserae/core/data';
import { type LengthPrior, lengthPrior } from './length-prior';
import { mergeShortEnd } from './short-end';

export interface LengthLimits {
  /** Code points of a segment at least. Default 1. */
  readonly minLength?: number;
  /** Code points of a segment at most. Default: no limit. */
  readonly maxLength?: number;
  /** `viterbi` (default): the best of all segmentations; `greedy`: the best next segment, again and again. */
  readonly algorithm?: 'viterbi' | 'greedy';
  readonly prior?: LengthPrior;
}

/**
 * Where to cut so that the segments have the lengths wanted and the product of the prior of every length and the
 * probability of every cut is highest (`constrained_segmentation` of wtpsplit). Where no segmentation keeps to the limits
 * the text is cut every `maxLength`.
 *
 * @param probabilities - Of a cut behind each unit (code point, token, sentence), 0 or more; any scorer will do. In
 *   float32 their logarithms are float32, as the official ones are.
 * @returns Ends of segments, exclusive, ascending, without that of the last one.
 * @throws {InputError} Negative or infinite numbers, NaN, limits below 1 or that contradict each other.
 */
export function constrainedEnds(probabilities: ArrayLike<number>, limits: LengthLimits = {}): Int32Array {
  const { minLength = 1, maxLength, algorithm = 'viterbi', prior = {} } = limits;
  checkLimits(minLength, maxLength);
  for (let index = 0; index < probabilities.length; index += 1) {
    const value = probabilities[index]!;
    if (!(value >= 0 && value < Infinity)) {
      throw new InputError('probabilities', 'finite numbers of at least 0', `${value} at ${index}`);
    }
  }
  if (algorithm !== 'viterbi' && algorithm !== 'greedy') {
    throw new InputError('algorithm', 'viterbi or greedy', String(algorithm));
  }
  const priorOf = lengthPrior({ ...prior, ...(maxLength !== undefined && { maxLength }) });
  const length = probabilities.length;
  const longest = maxLength ?? length;
  const search = algorithm === 'viterbi' ? viterbi : greedy;
  return Int32Array.from(search(probabilities, { shortest: minLength, longest, priorOf }));
}

/** @throws {InputError} */
export function checkLimits(minLength: number, maxLength: number | undefined): void {
  if (!Number.isSafeInteger(minLength) || minLength < 1) {
    throw new InputError('minLength', 'an integer of at least 1', String(minLength));
  }
  if (maxLength !== undefined && (!Number.isSafeInteger(maxLength) || maxLength < minLength)) {
    throw new InputError('maxLength', `an integer of at least minLength (${minLength})`, String(maxLength));
  }
}

interface Search {
  readonly shortest: number;
  readonly longest: number;
  priorOf(length: number): number;
}

function viterbi(probabilities: ArrayLike<number>, { shortest, longest, priorOf }: Search): number[] {
  const length = probabilities.length;
  const priors = logPriors(Math.min(longest, length), priorOf);
  const best = new Float64Array(length + 1).fill(-Infinity);
  best[0] = 0;
  const cameFrom = new Int32Array(length + 1);
  const round = probabilities instanceof Float32Array ? Math.fround : (value: number) => value;
  for (let end = shortest; end <= length; end += 1) {
    const cut = end < length ? round(Math.log(probabilities[end - 1]!)) : 0;
    // The earliest start first: it wins among equals.
    for (let start = Math.max(0, end - priors.length + 1); start <= end - shortest; start += 1) {
      const score = best[start]! + priors[end - start]! + cut;
      if (score > best[end]!) {
        best[end] = score;
        cameFrom[end] = start;
      }
    }
  }
  if (best[length] === -Infinity) return equalPieces(length, shortest, longest);
  const ends: number[] = [];
  for (let end = cameFrom[length]!; end > 0; end = cameFrom[end]!) ends.push(end);
  return mergeShortEnd(ends.toReversed(), length, shortest, longest);
}

/** Logarithms by length, up to the longest that is possible at all: the priors of sentences end soon. */
function logPriors(longest: number, priorOf: (length: number) => number): Float64Array {
  const table = Float64Array.from({ length: longest + 1 }, (_, length) => Math.log(priorOf(length)));
  const last = table.findLastIndex((value) => value > -Infinity);
  return table.subarray(0, last + 1);
}

/** Cuts every `longest`; what the official code does where the lattice does not reach the end. */
function equalPieces(length: number, shortest: number, longest: number): number[] {
  const ends: number[] = [];
  for (let start = 0; start < length;) {
    const end = Math.min(start + longest, length);
    if (end >= start + shortest) ends.push(end);
    start = end;
  }
  return mergeShortEnd(ends, length, shortest, longest);
}

function greedy(probabilities: ArrayLike<number>, search: Search): number[] {
  const { shortest, longest } = search;
  const length = probabilities.length;
  const ends: number[] = [];
  let start = 0;
  while (start < length) {
    const end = start + shortest > length ? length : bestNextEnd(probabilities, start, search);
    if (end === length) {
      const before = ends.at(-2) ?? 0;
      if (length - start < shortest && ends.length > 0 && length - before <= longest) ends.pop();
      break;
    }
    ends.push(end);
    start = end;
  }
  return ends;
}

function bestNextEnd(probabilities: ArrayLike<number>, start: number, { shortest, longest, priorOf }: Search): number {
  const length = probabilities.length;
  let highest = -Infinity;
  let best = length;
  for (let end = start + shortest; end <= Math.min(start + longest, length); end += 1) {
    const score = priorOf(end - start) * (end === length ? 1 : probabilities[end - 1]!);
    if (score > highest) {
      highest = score;
      best = end;
    }
  }
  return best;
}
