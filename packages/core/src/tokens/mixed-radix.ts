import { bitsForAlphabet } from './levels';

/** Alphabets above this gain nothing: at most two symbols fit a word. */
const largestRadix = 2 ** 22;
const wordBytes = 8;

/** Whether {@link packRadix} takes alphabets of this size. */
export function radixFits(alphabet: number): boolean {
  return alphabet >= 2 && alphabet < largestRadix;
}

/** Symbols of base `alphabet` in a 64-bit word: 40 of base 3, 27 of base 5. */
export function symbolsPerWord(alphabet: number): number {
  const limit = 2n ** 64n;
  let count = 0;
  for (let power = BigInt(alphabet); power <= limit; power *= BigInt(alphabet)) {
    count += 1;
  }
  return count;
}

/** Bytes of `count` symbols: 8 a full word, as few as possible for the rest. */
export function radixBytes(count: number, alphabet: number): number {
  const perWord = symbolsPerWord(alphabet);
  return Math.floor(count / perWord) * wordBytes + bytesOfPower(alphabet, count % perWord);
}

/** Whether digits in mixed radix are at least 3 % smaller than bits of fixed width. */
export function radixSaves(alphabet: number): boolean {
  return radixFits(alphabet) && 64 / symbolsPerWord(alphabet) <= 0.97 * bitsForAlphabet(alphabet);
}

/** Writes digits of one base into 64-bit little-endian words, first digit least significant. */
export function packRadix(values: Int32Array, alphabet: number): Uint8Array {
  const perWord = symbolsPerWord(alphabet);
  const out = new Uint8Array(radixBytes(values.length, alphabet));
  const limbs = [0, 0, 0, 0];
  for (let start = 0, at = 0; start < values.length; start += perWord, at += wordBytes) {
    limbs.fill(0);
    for (let index = Math.min(start + perWord, values.length) - 1; index >= start; index -= 1) {
      let carry = values[index]!;
      for (let limb = 0; limb < 4; limb += 1) {
        const product = limbs[limb]! * alphabet + carry;
        limbs[limb] = product % 65536;
        carry = Math.floor(product / 65536);
      }
    }
    for (let byte = 0; byte < wordBytes && at + byte < out.length; byte += 1) {
      out[at + byte] = limbs[byte >> 1]! >>> (8 * (byte & 1));
    }
  }
  return out;
}

/** The inverse of {@link packRadix}; undefined where a word is larger than its digits can be. */
export function unpackRadix(bytes: Uint8Array, count: number, alphabet: number): Int32Array | undefined {
  const perWord = symbolsPerWord(alphabet);
  const out = new Int32Array(count);
  const limbs = [0, 0, 0, 0];
  for (let start = 0, at = 0; start < count; start += perWord, at += wordBytes) {
    for (let limb = 0; limb < 4; limb += 1) {
      limbs[limb] = (bytes[at + 2 * limb] ?? 0) | ((bytes[at + 2 * limb + 1] ?? 0) << 8);
    }
    for (let index = start; index < Math.min(start + perWord, count); index += 1) {
      let rest = 0;
      for (let limb = 3; limb >= 0; limb -= 1) {
        const dividend = rest * 65536 + limbs[limb]!;
        limbs[limb] = Math.floor(dividend / alphabet);
        rest = dividend % alphabet;
      }
      out[index] = rest;
    }
    if (limbs.some((limb) => limb !== 0)) {
      return undefined;
    }
  }
  return out;
}

/** Bytes of the largest number of `digits` digits. */
function bytesOfPower(alphabet: number, digits: number): number {
  const largest = BigInt(alphabet) ** BigInt(digits) - 1n;
  return largest === 0n ? 0 : Math.ceil(largest.toString(2).length / 8);
}
