import { ConfigError } from '@tesserae/core/data';
import { utf8Encode } from '../bytes/utf8';
import { type ByteVocabulary, commonTokens, recoverMerges } from './byte-vocabulary';
import { createPairTable, setPair } from './pair-table';
import { readTiktokenFile } from './tiktoken-file';
import { idCount, type TokenBytes } from './token-bytes';
import { isCrossing } from './token-edges';

/**
 * A rank file in the form that loads fastest: which two tokens each token was made of. Numbers are three characters of
 * base64, so that a module can hold it as a string.
 */
export interface PackedVocabulary {
  /** The encoding that it is for: `cl100k_base`. */
  readonly encoding: string;
  /** The bytes of the tokens 0..255, two hexadecimal digits each. */
  readonly bytes: string;
  /** For each token from 256 on the two it was made of; twice the largest number: no token has this id. */
  readonly merges: string;
}

const alphabet = 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/';
const digits = 3;
const none = 64 ** digits - 1;

/**
 * Packs a rank file. All published ones can be packed.
 *
 * @throws {ConfigError} The tokens 0..255 are not the single bytes, or a token was made of no two others.
 */
export function packVocabulary(file: Uint8Array, encoding: string): PackedVocabulary {
  const { bytes, numbers } = vocabularyHalves(recoverMerges(readTiktokenFile(file, encoding), encoding), encoding);
  const digitsOf = (byte: number) => byte.toString(16).padStart(2, '0');
  return {
    encoding,
    bytes: Array.from(bytes, digitsOf).join(''),
    merges: Array.from(numbers, packNumber).join(''),
  };
}

/** A vocabulary as the two tokens that each was made of. */
export interface VocabularyHalves {
  /** The bytes of the tokens 0..255. */
  readonly bytes: Uint8Array;
  /** Two ids for each token from 256 on; twice {@link noHalf}: no token has this id. */
  readonly numbers: Int32Array;
}

/** In place of an id: there is none. */
export const noHalf = none;

/** @throws {ConfigError} The tokens 0..255 are not the single bytes, or a token was made of no two others. */
export function vocabularyHalves({ tokens, byteIds, pairs }: ByteVocabulary, name: string): VocabularyHalves {
  const count = idCount(tokens);
  const { slots } = pairs;
  const numbers = new Int32Array(Math.max(0, count - 256) * 2).fill(none);
  let made = 0;
  for (let at = 0; at < slots.length; at += 4) {
    if (slots[at] === -1) continue;
    const to = (slots[at + 3]! - 256) * 2;
    if (numbers[to] === none) made += 1;
    numbers[to] = slots[at]!;
    numbers[to + 1] = slots[at + 1]!;
  }
  if (pairs.count !== made || count > none || byteIds.some((id) => id > 255)) {
    throw new ConfigError(name, 'single bytes first, then tokens made of two others', 'another vocabulary');
  }
  return { bytes: tokens.bytes.slice(0, 256), numbers };
}

const packNumber = (value: number): string =>
  alphabet[value >> 12]! + alphabet[(value >> 6) & 63]! + alphabet[value & 63]!;

/**
 * Only merges are made at once; the bytes of all tokens follow from them when something is decoded.
 *
 * @throws {ConfigError} A length or a number is wrong.
 */
export function unpackVocabulary({ encoding, bytes: order, merges }: PackedVocabulary): ByteVocabulary {
  if (order.length !== 512 || merges.length % (2 * digits) !== 0) {
    throw new ConfigError(encoding, '512 digits and merges of 6 characters', `${order.length} and ${merges.length}`);
  }
  const bytes = Uint8Array.from({ length: 256 }, (_, id) => Number.parseInt(order.slice(id * 2, id * 2 + 2), 16));
  return vocabularyOfHalves({ bytes, numbers: readNumbers(merges) }, encoding);
}

/** @throws {ConfigError} A token is made of later ones. */
export function vocabularyOfHalves({ bytes, numbers }: VocabularyHalves, name: string): ByteVocabulary {
  const count = 256 + numbers.length / 2;
  const byteIds = new Int32Array(256);
  for (const [id, byte] of bytes.entries()) byteIds[byte] = id;
  const { pairs, ends, crossings } = readPairs(bytes, numbers, name);
  const wholeTokens = joinHalves(bytes, numbers, Math.min(count, commonTokens));
  let tokens: TokenBytes | undefined;
  return {
    byteIds,
    pairs,
    ends,
    crossings,
    count,
    wholeTokens,
    get tokens() {
      return (tokens ??= joinHalves(bytes, numbers, count));
    },
  };
}

function readPairs(bytes: Uint8Array, numbers: Int32Array, encoding: string) {
  const count = 256 + numbers.length / 2;
  const pairs = createPairTable(numbers.length / 2);
  const ends = { first: new Uint8Array(count), last: new Uint8Array(count), length: new Uint8Array(count).fill(1) };
  const crossings: number[] = [];
  ends.first.set(bytes);
  ends.last.set(bytes);
  for (let at = 0, id = 256; at < numbers.length; at += 2, id += 1) {
    const left = numbers[at]!;
    const right = numbers[at + 1]!;
    if (left === none) continue;
    if (left >= id || right >= id) {
      throw new ConfigError(encoding, 'merges of earlier tokens', `${left} and ${right} for ${id}`);
    }
    ends.first[id] = ends.first[left]!;
    ends.last[id] = ends.last[right]!;
    ends.length[id] = Math.min(255, ends.length[left]! + ends.length[right]!);
    if (isCrossing(ends, left, right)) crossings.push(left, right, id);
    setPair(pairs, left, right, id, id);
  }
  return { pairs, ends, crossings };
}

/** The bytes of the first `count` tokens, behind each other. Each loop is a function, which the engine optimizes alone. */
function joinHalves(single: Uint8Array, numbers: Int32Array, count: number): TokenBytes {
  const starts = findStarts(numbers, count);
  const bytes = new Uint8Array(starts[count]!);
  bytes.set(single);
  writeHalves(numbers, starts, bytes);
  return { bytes, starts };
}

function findStarts(numbers: Int32Array, count: number): Int32Array {
  const starts = new Int32Array(count + 1);
  for (let id = 0; id < 256; id += 1) starts[id + 1] = id + 1;
  for (let id = 256; id < count; id += 1) {
    const left = numbers[(id - 256) * 2]!;
    const right = numbers[(id - 256) * 2 + 1]!;
    const length = left === none ? 0 : starts[left + 1]! - starts[left]! + starts[right + 1]! - starts[right]!;
    starts[id + 1] = starts[id]! + length;
  }
  return starts;
}

function writeHalves(numbers: Int32Array, starts: Int32Array, bytes: Uint8Array): void {
  let to = 256;
  // Halves come in the order of their tokens, so the whole is written from left to right.
  for (let at = 0; to < bytes.length; at += 1) {
    const part = numbers[at]!;
    if (part !== none) for (let from = starts[part]!; from < starts[part + 1]!; from += 1) bytes[to++] = bytes[from]!;
  }
}

function readNumbers(text: string): Int32Array {
  const values = new Uint8Array(128).fill(255);
  for (let index = 0; index < 64; index += 1) values[alphabet.charCodeAt(index)] = index;
  const codes = utf8Encode(text);
  const numbers = new Int32Array(text.length / digits);
  for (let index = 0, at = 0; index < numbers.length; index += 1, at += digits) {
    numbers[index] = (values[codes[at]!]! << 12) | (values[codes[at + 1]!]! << 6) | values[codes[at + 2]!]!;
  }
  return numbers;
}
