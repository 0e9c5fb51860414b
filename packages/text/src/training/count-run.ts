import { InputError } from '@tesserae/core/data';
import { utf8Decode, utf8Encode } from '../bytes/utf8';
import { eachSortedWord, type WordCounts } from './word-counts';

/**
 * A sorted run of counts as bytes: for each word, in code point order, the length of its UTF-8 (varint), the UTF-8, and
 * its count (varint).
 */
const blockSize = 1 << 16;

/**
 * Writes counts as a sorted run, in blocks.
 *
 * @param words - In code point order.
 */
export function* writeRun(words: Iterable<readonly [string, number]>): Generator<Uint8Array> {
  let block = new Uint8Array(blockSize);
  let at = 0;
  const putVarint = (value: number) => {
    let rest = value;
    while (rest >= 128) {
      block[at++] = (rest % 128) + 128;
      rest = Math.floor(rest / 128);
    }
    block[at++] = rest;
  };
  for (const [word, count] of words) {
    const bytes = utf8Encode(word);
    if (at + bytes.length + 20 > block.length) {
      if (at > 0) yield block.subarray(0, at);
      block = new Uint8Array(Math.max(blockSize, bytes.length + 20));
      at = 0;
    }
    putVarint(bytes.length);
    block.set(bytes, at);
    at += bytes.length;
    putVarint(count);
  }
  if (at > 0) yield block.subarray(0, at);
}

/** Gives up to `length` bytes behind `offset`: fewer only at the end, none behind it. */
export type ReadBytes = (offset: number, length: number) => Uint8Array;

/**
 * Reads a sorted run, one block at a time.
 *
 * @param name - What errors call it.
 * @throws {InputError} Code `undecodable`: the bytes are no run.
 */
export function* readRun(read: ReadBytes, name: string): Generator<readonly [string, number]> {
  let block = read(0, blockSize);
  let offset = 0;
  let at = 0;
  const isWhole = (needed: number): boolean => {
    if (at + needed <= block.length) return true;
    offset += at;
    at = 0;
    block = read(offset, Math.max(blockSize, needed));
    return needed <= block.length;
  };
  const takeVarint = (): number => {
    let value = 0;
    for (let scale = 1; scale <= 2 ** 49; scale *= 128) {
      if (!isWhole(1)) break;
      const byte = block[at++]!;
      value += (byte % 128) * scale;
      if (byte < 128) return value;
    }
    throw broken(name);
  };
  while (isWhole(1)) {
    const length = takeVarint();
    if (!isWhole(length)) throw broken(name);
    const word = utf8Decode(block.subarray(at, at + length));
    at += length;
    yield [word, takeVarint()];
  }
}

function broken(name: string): InputError {
  return new InputError(name, 'a run of word counts', 'other bytes, or an incomplete one', { code: 'undecodable' });
}

/** Counts as one array of bytes, to be sent between threads. */
export function wordCountsToBytes(words: WordCounts): Uint8Array {
  const blocks = [...writeRun(eachSortedWord(words))];
  const bytes = new Uint8Array(blocks.reduce((sum, block) => sum + block.length, 0));
  let at = 0;
  for (const block of blocks) {
    bytes.set(block, at);
    at += block.length;
  }
  return bytes;
}

/**
 * Counts of the bytes that {@link wordCountsToBytes} made.
 *
 * @throws {InputError} Code `undecodable`: the bytes are no counts.
 */
export function wordCountsFromBytes(bytes: Uint8Array): Map<string, number> {
  return new Map(readRun((offset, length) => bytes.subarray(offset, offset + length), 'bytes'));
}
