import { ConfigError } from '@tesserae/core/data';
import { base64Encode, writeBase64 } from '../bytes/base64';
import { bytesOfToken, idCount, type TokenBytes } from './token-bytes';

/** Largest rank accepted; a file with a wild number shall not ask for gigabytes. */
const maximumRank = 1 << 24;

/**
 * Reads a tiktoken rank file: lines of `base64(bytes) rank`. Ranks may have gaps and come in any order.
 *
 * @param name - For errors.
 * @throws {ConfigError} A line is something else, or a rank or a token comes twice.
 */
export function readTiktokenFile(file: Uint8Array, name: string): TokenBytes {
  const bytes = new Uint8Array(Math.ceil((file.length * 3) / 4));
  const byRank: { readonly rank: number; readonly start: number; readonly end: number }[] = [];
  let at = 0;
  let line = 0;
  let largest = -1;
  for (let start = 0, end = 0; start < file.length; start = end + 1) {
    end = file.indexOf(0x0a, start);
    if (end < 0) end = file.length;
    line += 1;
    const last = end > start && file[end - 1] === 0x0d ? end - 1 : end;
    if (last === start) continue;
    const fail = (actual: string) => new ConfigError(`${name}: line ${line}`, 'base64, a space and a rank', actual);
    const space = file.indexOf(0x20, start);
    if (space < 0 || space >= last) throw fail('no space');
    const length = writeBase64(file, start, space, bytes, at);
    if (length <= 0) throw fail('no base64');
    const rank = readInteger(file, space + 1, last);
    if (rank < 0 || rank > maximumRank) throw fail('no rank of 0..2^24');
    byRank.push({ rank, start: at, end: at + length });
    largest = Math.max(largest, rank);
    at += length;
  }
  if (byRank.length === 0) throw new ConfigError(name, 'lines of base64 and rank', 'an empty file');
  return sortByRank(bytes, byRank, largest, name);
}

function sortByRank(
  bytes: Uint8Array,
  entries: readonly { readonly rank: number; readonly start: number; readonly end: number }[],
  largest: number,
  name: string,
): TokenBytes {
  const lengths = new Int32Array(largest + 1);
  for (const { rank, start, end } of entries) {
    if (lengths[rank] !== 0) throw new ConfigError(name, 'each rank once', `rank ${rank} twice`);
    lengths[rank] = end - start;
  }
  const starts = new Int32Array(largest + 2);
  for (let rank = 0; rank <= largest; rank += 1) starts[rank + 1] = starts[rank]! + lengths[rank]!;
  const sorted = new Uint8Array(starts[largest + 1]!);
  for (const { rank, start, end } of entries) sorted.set(bytes.subarray(start, end), starts[rank]);
  return { bytes: sorted, starts };
}

/** A decimal number, or -1. */
function readInteger(file: Uint8Array, start: number, end: number): number {
  if (end === start || end - start > 9) return -1;
  let value = 0;
  for (let index = start; index < end; index += 1) {
    const digit = file[index]! - 0x30;
    if (digit < 0 || digit > 9) return -1;
    value = value * 10 + digit;
  }
  return value;
}

/** Writes a rank file; ids without a token are left out. */
export function writeTiktokenFile(tokens: TokenBytes): Uint8Array {
  const lines: string[] = [];
  for (let id = 0; id < idCount(tokens); id += 1) {
    const token = bytesOfToken(tokens, id);
    if (token.length > 0) lines.push(`${base64Encode(token)} ${id}\n`);
  }
  return new TextEncoder().encode(lines.join(''));
}
