import { InputError } from '@tesserae/core/data';
import { chunkDigits, type DigitDirection } from './chunk-digits';

/** Which digits of a sum carry one to the next, from the left; as many as the longer summand has. */
export function additionCarries(first: number | bigint, second: number | bigint): Uint8Array {
  const [left, right] = [digitsOf(first), digitsOf(second)];
  const carries = new Uint8Array(Math.max(left.length, right.length));
  for (let place = 0, carry = 0; place < carries.length; place += 1) {
    const sum = (left.at(-1 - place) ?? 0) + (right.at(-1 - place) ?? 0) + carry;
    carry = sum > 9 ? 1 : 0;
    carries[carries.length - 1 - place] = carry;
  }
  return carries;
}

function digitsOf(number: number | bigint): number[] {
  const isNatural = typeof number === 'bigint' ? number >= 0n : Number.isSafeInteger(number) && number >= 0;
  if (!isNatural) throw new InputError('number', 'an integer of at least 0', String(number));
  return Array.from(String(number), Number);
}

/** For every digit of an answer how far it is from the true one; answers of other lengths are aligned at one end. */
export function digitErrors(
  answer: number | bigint,
  truth: number | bigint,
  align: 'left' | 'right' = 'right',
): Uint8Array {
  const [given, right] = [digitsOf(answer), digitsOf(truth)];
  const shift = align === 'right' ? right.length - given.length : 0;
  return Uint8Array.from(given, (digit, index) => Math.abs(digit - (right[index + shift] ?? 0)));
}

/** Where the digits of a number are in its tokens. */
export interface DigitPlaces {
  /** Token of every digit, from 0. */
  readonly tokens: Int32Array;
  /** Place of every digit within its token, from 0. */
  readonly places: Int32Array;
  /** Where tokens end, in digits, the end of the number included. */
  readonly boundaries: Int32Array;
}

/**
 * @param pieces - Texts of the tokens of a number, such as `chunkDigits` or `TextTokenizer.pieces` give; characters that
 *   are no numbers do not count.
 */
export function digitPlaces(pieces: readonly string[]): DigitPlaces {
  const tokens: number[] = [];
  const places: number[] = [];
  const boundaries: number[] = [];
  for (const [token, piece] of pieces.entries()) {
    const count = piece.match(/\p{N}/gu)?.length ?? 0;
    for (let place = 0; place < count; place += 1) {
      tokens.push(token);
      places.push(place);
    }
    if (count > 0) boundaries.push(tokens.length);
  }
  return { tokens: Int32Array.from(tokens), places: Int32Array.from(places), boundaries: Int32Array.from(boundaries) };
}

/** What went wrong in an addition. */
export interface AdditionAnalysis {
  readonly isCorrect: boolean;
  readonly hasCorrectLength: boolean;
  readonly carries: number;
  readonly longestCarryChain: number;
  /** Per digit of the answer, aligned at the right. */
  readonly errors: Uint8Array;
  /** The answer is off by a power of ten. */
  readonly isOffByOneDigit: boolean;
  /** The answer is right for summands of which one lost a digit. */
  readonly droppedDigit: boolean;
  /** The answer is right for summands aligned at the left. */
  readonly leftAligned: boolean;
  /** The answer joins the sums of groups without carries between them; groups are aligned at the right. */
  readonly addedByGroup: boolean;
}

export interface AdditionAnalysisOptions {
  /** Digits of a group. Default 3. */
  readonly size?: number;
  /** Default `rtl`. */
  readonly direction?: DigitDirection;
}

/**
 * Sorts the error of an addition (`analyze_row_error` of the official code).
 *
 * @throws {InputError} A number that is no integer of at least 0.
 */
export function analyzeAddition(
  first: number | bigint,
  second: number | bigint,
  answer: number | bigint,
  options: AdditionAnalysisOptions = {},
): AdditionAnalysis {
  const carries = additionCarries(first, second);
  const [a, b, given] = [BigInt(first), BigInt(second), BigInt(answer)];
  const truth = a + b;
  const [textA, textB] = [String(a), String(b)];
  const aligned = aAlignedSum(textA, textB);
  const { size = 3, direction = 'rtl' } = options;
  const difference = String(given > truth ? given - truth : truth - given);
  return {
    isCorrect: given === truth,
    hasCorrectLength: String(given).length === String(truth).length,
    carries: carries.reduce((sum, carry) => sum + carry, 0),
    longestCarryChain: Math.max(
      0,
      ...carries
        .join('')
        .split('0')
        .map(({ length }) => length),
    ),
    errors: digitErrors(answer, truth),
    isOffByOneDigit: /^10*$/.test(difference),
    droppedDigit: given !== truth && (isDropped(textA, b, given) || isDropped(textB, a, given)),
    leftAligned: aligned !== undefined && given === aligned,
    addedByGroup: String(given) === groupSums(chunkDigits(textA, size, direction), chunkDigits(textB, size, direction)),
  };
}

function aAlignedSum(first: string, second: string): bigint | undefined {
  if (first.length === second.length) return undefined;
  const length = Math.max(first.length, second.length);
  return BigInt(first.padEnd(length, '0')) + BigInt(second.padEnd(length, '0'));
}

function isDropped(digits: string, other: bigint, given: bigint): boolean {
  return Array.from(digits, (_, index) => digits.slice(0, index) + digits.slice(index + 1)).some(
    (shorter) => BigInt(shorter || '0') + other === given,
  );
}

function groupSums(first: readonly string[], second: readonly string[]): string {
  const count = Math.max(first.length, second.length);
  const sums = Array.from({ length: count }, (_, place) => {
    const index = place - count;
    return Number(first.at(index) ?? 0) + Number(second.at(index) ?? 0);
  });
  return String(BigInt(sums.join('')));
}
