import { ConfigError } from '@tesserae/core/data';

/** Numbers of 0..2^32 - 1, seven bits a byte, the lowest first. */
export function writeVarints(numbers: ArrayLike<number>): Uint8Array {
  const out = new Uint8Array(numbers.length * 5);
  let at = 0;
  for (let index = 0; index < numbers.length; index += 1) {
    let value = numbers[index]!;
    while (value > 127) {
      out[at++] = (value & 127) | 128;
      value >>>= 7;
    }
    out[at++] = value;
  }
  return out.slice(0, at);
}

/** @throws {ConfigError} The bytes end inside a number, or a number is too long. */
export function readVarints(bytes: Uint8Array, name: string): Uint32Array {
  let count = 0;
  for (let at = 0; at < bytes.length; at += 1) if (bytes[at]! < 128) count += 1;
  const numbers = new Uint32Array(count);
  let index = 0;
  let value = 0;
  let shift = 0;
  for (let at = 0; at < bytes.length; at += 1) {
    value |= (bytes[at]! & 127) << shift;
    shift += 7;
    if (shift > 35) throw new ConfigError(name, 'numbers of at most 5 bytes', 'a longer one');
    if (bytes[at]! >= 128) continue;
    numbers[index++] = value;
    value = 0;
    shift = 0;
  }
  if (shift !== 0) throw new ConfigError(name, 'whole numbers', 'bytes that end inside one');
  return numbers;
}

/** Integers as their differences, with the sign in the lowest bit: small where the numbers rise slowly. */
export function writeDifferences(numbers: ArrayLike<number>): Uint8Array {
  const folded = new Uint32Array(numbers.length);
  let before = 0;
  for (let index = 0; index < numbers.length; index += 1) {
    const difference = numbers[index]! - before;
    folded[index] = (difference << 1) ^ (difference >> 31);
    before = numbers[index]!;
  }
  return writeVarints(folded);
}

/** @throws {ConfigError} As {@link readVarints}. */
export function readDifferences(bytes: Uint8Array, name: string): Int32Array {
  const folded = readVarints(bytes, name);
  const numbers = new Int32Array(folded.length);
  let value = 0;
  for (let index = 0; index < folded.length; index += 1) {
    value += (folded[index]! >>> 1) ^ -(folded[index]! & 1);
    numbers[index] = value;
  }
  return numbers;
}
