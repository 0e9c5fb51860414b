import { InputError, type RandomSource } from '@tesserae/core/data';
import { formatDigits } from './chunk-digits';

/** How an addition is written. */
export interface AdditionFormat {
  /** Of the summands, see `formatDigits`. Default `nosep`. */
  readonly format?: string;
  /** Of the sum. Default: as the summands. */
  readonly answerFormat?: string;
  /** Digits of a group. Default 3. */
  readonly size?: number;
  /** Spaces around the signs. Default 0. */
  readonly spaces?: number;
  /** Spaces at the end. Default 0. */
  readonly trailingSpaces?: number;
  /** Default true. */
  readonly withEquals?: boolean;
}

export type Summands = readonly [first: number | bigint, second: number | bigint];

/** `12+34=` in a number format (`make_format_addition_problem` of the official code). */
export function additionProblem([first, second]: Summands, options: AdditionFormat = {}): string {
  const { format = 'nosep', size = 3, spaces = 0, trailingSpaces = 0, withEquals = true } = options;
  const gap = ' '.repeat(checkedCount('spaces', spaces));
  const sides = [first, second].map((number) => formatDigits(number, format, size));
  const end = ' '.repeat(checkedCount('trailingSpaces', trailingSpaces));
  return `${sides.join(`${gap}+${gap}`)}${withEquals ? `${gap}=` : ''}${end}`;
}

function checkedCount(name: string, count: number): number {
  if (!Number.isInteger(count) || count < 0) throw new InputError(name, 'an integer of at least 0', String(count));
  return count;
}

/** A question and its answer, as examples come before the problem. */
export interface AdditionShot {
  readonly question: string;
  readonly answer: string;
}

/** Solved examples and the problem of a few-shot prompt. */
export function additionPrompt(
  problem: Summands,
  shots: readonly Summands[],
  options: AdditionFormat = {},
): { readonly shots: readonly AdditionShot[]; readonly question: string; readonly answer: string } {
  const { format = 'nosep', answerFormat = format, size = 3 } = options;
  const solved = (summands: Summands): AdditionShot => ({
    question: additionProblem(summands, options),
    answer: formatDigits(BigInt(summands[0]) + BigInt(summands[1]), answerFormat, size),
  });
  return { shots: shots.map(solved), ...solved(problem) };
}

/**
 * Draws a problem whose summands and sum have given numbers of digits (`sample_problem_with_lengths` of the official
 * code; its experiments have 7 to 9 digits).
 *
 * @param lengths - Digits of the summands and of the sum, each 1..9.
 * @throws {InputError} No such problem exists.
 */
export function sampleAddition(
  random: RandomSource,
  [first, second, sum]: readonly [number, number, number],
): readonly [number, number] {
  const isPossible = [first, second, sum].every((length) => Number.isInteger(length) && length >= 1 && length <= 9);
  const [short, long] = first < second ? [first, second] : [second, first];
  if (!isPossible || sum < long || sum > long + 1) {
    throw new InputError('lengths', 'two lengths of 1..9 and that of their sum', `${first}, ${second}, ${sum}`);
  }
  const draw = (low: number, high: number) => random.integers(low, high, 1)[0]!;
  const least = 10 ** (long - 1);
  const shortLow = 10 ** (short - 1);
  const shortHigh = Math.min(10 ** short, 10 ** sum - least);
  const small = draw(shortLow, Math.max(shortLow + 1, shortHigh));
  const low = Math.max(10 ** (sum - 1), small + least);
  const high = Math.min(10 ** long + small, 10 ** sum);
  if (low >= high) throw new InputError('lengths', 'lengths that a sum can have', `${first}, ${second}, ${sum}`);
  const large = draw(low, high) - small;
  return first < second ? [small, large] : [large, small];
}
