import { InputError } from '@tesserae/core/data';

/**
 * Boundaries as Pk and WindowDiff want them: 1 where a segment ends behind a unit.
 *
 * @param lengths - Units of every segment, each at least 1.
 * @returns One number a unit; the last is 0, as the end of the text is no boundary.
 * @throws {InputError} A length below 1.
 */
export function boundariesOfLengths(lengths: readonly number[]): Uint8Array {
  for (const length of lengths) {
    if (!Number.isSafeInteger(length) || length < 1) {
      throw new InputError('lengths', 'integers of at least 1', String(length));
    }
  }
  const boundaries = new Uint8Array(lengths.reduce((sum, length) => sum + length, 0));
  let end = 0;
  for (const length of lengths.slice(0, -1)) boundaries[(end += length) - 1] = 1;
  return boundaries;
}

export interface WindowOptions {
  /** Units between both ends of the window. Default: half the mean length of the segments of the reference, at least 1. */
  readonly size?: number;
}

/**
 * Pk (Beeferman and others 1999): how often two units a window apart are in one segment by the reference and in two by
 * the hypothesis, or the other way round. 0 is perfect.
 *
 * @param reference - 1 where a segment ends, of {@link boundariesOfLengths}.
 * @throws {InputError} Another number of units, or fewer than a window.
 */
export function pk(reference: ArrayLike<number>, hypothesis: ArrayLike<number>, options: WindowOptions = {}): number {
  return shareOfWindows(reference, hypothesis, options, (a, b) => a > 0 !== b > 0);
}

/**
 * WindowDiff (Pevzner and Hearst 2002): how often a window has another number of boundaries by the reference than by the
 * hypothesis. 0 is perfect.
 *
 * @throws {InputError} Another number of units, or fewer than a window.
 */
export function windowDiff(
  reference: ArrayLike<number>,
  hypothesis: ArrayLike<number>,
  options: WindowOptions = {},
): number {
  return shareOfWindows(reference, hypothesis, options, (a, b) => a !== b);
}

function shareOfWindows(
  reference: ArrayLike<number>,
  hypothesis: ArrayLike<number>,
  options: WindowOptions,
  isWrong: (reference: number, hypothesis: number) => boolean,
): number {
  const units = reference.length;
  if (hypothesis.length !== units) throw new InputError('hypothesis', `${units} units`, String(hypothesis.length));
  const [right, guessed] = [runningSums(reference), runningSums(hypothesis)];
  const { size = Math.max(1, Math.round(units / (2 * (right[units]! + 1)))) } = options;
  if (!Number.isSafeInteger(size) || size < 1 || size >= units) {
    throw new InputError('size', `an integer of 1..${units - 1}`, String(size));
  }
  let wrong = 0;
  for (let start = 0; start + size < units; start += 1) {
    const end = start + size;
    if (isWrong(right[end]! - right[start]!, guessed[end]! - guessed[start]!)) wrong += 1;
  }
  return wrong / (units - size);
}

function runningSums(boundaries: ArrayLike<number>): Int32Array {
  const sums = new Int32Array(boundaries.length + 1);
  for (let index = 0; index < boundaries.length; index += 1)
    sums[index + 1] = sums[index]! + (boundaries[index] ? 1 : 0);
  return sums;
}
