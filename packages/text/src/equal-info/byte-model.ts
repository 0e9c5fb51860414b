import { InputError } from '@tesserae/core/data';

/** What the frequencies of all bytes add up to. */
export const frequencyTotal = 65_536;

/** A model of the next byte. Both sides of a coder must have the very same one: its numbers are integers. */
export interface ByteModel {
  /** A state that has seen nothing. */
  start(): ByteContext;
}

/** The state of a model within a text. */
export interface ByteContext {
  /** How often each byte comes next: 256 integers of at least 1 that add up to 65536. Not to be kept or changed. */
  frequencies(): Int32Array;
  /** Goes on behind a byte, 0..255. */
  push(byte: number): void;
}

/**
 * Probabilities as frequencies of at least 1 that add up to 65536. What rounding leaves over goes to the likeliest byte,
 * the first of equals. Engines differ in the last digits of floats, and so may the frequencies: a model that computes
 * them must run on the same engine when it decodes.
 *
 * @param probabilities - 256 numbers of at least 0, not all 0; they need not add up to 1.
 * @throws {InputError} Another number of values, NaN, negative or infinite ones, or nothing but zeros.
 */
export function byteFrequencies(probabilities: ArrayLike<number>): Int32Array {
  if (probabilities.length !== 256) throw new InputError('probabilities', '256 numbers', String(probabilities.length));
  let sum = 0;
  let likeliest = 0;
  for (let byte = 0; byte < 256; byte += 1) {
    const value = probabilities[byte]!;
    if (!(value >= 0 && value < Infinity)) {
      throw new InputError('probabilities', 'finite numbers of at least 0', `${value} of byte ${byte}`);
    }
    sum += value;
    if (value > probabilities[likeliest]!) likeliest = byte;
  }
  if (!(sum > 0 && sum < Infinity)) throw new InputError('probabilities', 'a positive sum', String(sum));
  let rest = frequencyTotal;
  const frequencies = Int32Array.from({ length: 256 }, (_, byte) => {
    const frequency = 1 + Math.floor((probabilities[byte]! / sum) * (frequencyTotal - 257));
    rest -= frequency;
    return frequency;
  });
  frequencies[likeliest]! += rest;
  return frequencies;
}

/** A model to which all bytes are alike. */
export const uniformByteModel: ByteModel = {
  start() {
    const frequencies = new Int32Array(256).fill(frequencyTotal / 256);
    return { frequencies: () => frequencies, push: () => undefined };
  },
};

/**
 * Frequencies of a context, checked.
 *
 * @throws {InputError} The model gives no 256 positive integers of the right sum.
 */
export function checkedFrequencies(context: ByteContext): Int32Array {
  const frequencies = context.frequencies();
  let sum = 0;
  let least = 1;
  for (const frequency of frequencies) {
    sum += frequency;
    least = Math.min(least, frequency);
  }
  if (frequencies.length !== 256 || sum !== frequencyTotal || least < 1) {
    throw new InputError(
      'model',
      `256 frequencies of at least 1 with the sum ${frequencyTotal}`,
      `${frequencies.length} of at least ${least} with the sum ${sum}`,
    );
  }
  return frequencies;
}
