import { InputError } from '@tesserae/core/data';

/** The primes of CANINE, one a hash. */
const primes = [31, 43, 59, 61, 73, 97, 103, 113, 137, 149, 157, 173, 181, 193, 211, 223] as const;

export interface HashOptions {
  /** Hashes of a character, 1..16. Default 8. */
  readonly hashes?: number;
  /** Values of a hash. Default 8192 (CANINE models have 16384). */
  readonly buckets?: number;
}

/**
 * Hashes every code point as CANINE does (arXiv 2103.06874, section 3.1; `hash_encode` of wtpsplit):
 * `(codePoint + 1) · prime mod buckets`.
 *
 * @returns `[characters, hashes]`.
 * @throws {InputError} Too many hashes, or no bucket.
 */
export function characterHashes(text: string, options: HashOptions = {}): Int32Array {
  const { hashes = 8, buckets = 8192 } = options;
  if (!Number.isInteger(hashes) || hashes < 1 || hashes > primes.length) {
    throw new InputError('hashes', `an integer of 1..${primes.length}`, String(hashes));
  }
  if (!Number.isSafeInteger(buckets) || buckets < 1) {
    throw new InputError('buckets', 'an integer of at least 1', String(buckets));
  }
  const codePoints = Array.from(text, (character) => character.codePointAt(0)!);
  return Int32Array.from({ length: codePoints.length * hashes }, (_, index) => {
    return ((codePoints[Math.floor(index / hashes)]! + 1) * primes[index % hashes]!) % buckets;
  });
}
