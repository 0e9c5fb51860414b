import { ConfigError } from '@tesserae/core/data';
import { createByteIndex, findBytes } from './byte-index';
import { createMergeSpace, mergeTokens, reserveMergeSpace } from './merge';
import { createPairTable, type PairTable, setPair } from './pair-table';
import { bytesOfToken, idCount, type TokenBytes } from './token-bytes';
import type { TokenEnds } from './token-edges';

/** A vocabulary of byte strings whose ids are the order of merging. */
export interface ByteVocabulary {
  readonly tokens: TokenBytes;
  /** One more than the largest id. */
  readonly count: number;
  /**
   * Tokens that a piece of their text is, without merging: all where merging might give something else; where it cannot,
   * the common ones, which only saves time.
   */
  readonly wholeTokens: TokenBytes;
  /** Id of each single byte. */
  readonly byteIds: Int32Array;
  readonly pairs: PairTable;
  /** Where they came up while the vocabulary was read. */
  readonly ends?: TokenEnds;
  /** Merges across the border of a character: left, right and rank of each. */
  readonly crossings?: readonly number[];
}

/** Lower ranks come up more often; the others are found by merging, once. */
export const commonTokens = 1 << 11;

/** The first tokens of a vocabulary. */
export function firstTokens({ bytes, starts }: TokenBytes, count: number): TokenBytes {
  const end = Math.min(count, starts.length - 1);
  return { bytes: bytes.subarray(0, starts[end]), starts: starts.subarray(0, end + 1) };
}

/**
 * Finds the merges of a rank file: which two tokens each token was made of.
 *
 * Byte-pair encoding of a rank file merges whatever neighbours join to a token of low rank. While the ends of a stretch
 * are not crossed, the order of merges inside is fixed, so a token is only ever made from the one pair that is left when
 * its own bytes are merged by lower ranks. Where a token does not come down to two tokens like this, which no training
 * produces but a file may hold, every split of every token becomes a merge instead.
 *
 * @param tokens - By rank. Ranks without a token are skipped.
 * @param name - For errors.
 * @throws {ConfigError} A byte has no token.
 */
export function recoverMerges(tokens: TokenBytes, name: string): ByteVocabulary {
  const byteIds = singleBytes(tokens, name);
  const count = idCount(tokens);
  const pairs = createPairTable(count);
  const space = createMergeSpace();
  for (let id = 0; id < count; id += 1) {
    const token = bytesOfToken(tokens, id);
    if (token.length < 2) continue;
    reserveMergeSpace(space, token.length);
    for (let index = 0; index < token.length; index += 1) space.ids[index] = byteIds[token[index]!]!;
    if (mergeTokens(space, token.length, pairs) !== 2) {
      return { tokens, count, wholeTokens: tokens, byteIds, pairs: everySplit(tokens) };
    }
    setPair(pairs, space.ids[0]!, space.ids[1]!, id, id);
  }
  return { tokens, count, wholeTokens: firstTokens(tokens, commonTokens), byteIds, pairs };
}

function everySplit(tokens: TokenBytes): PairTable {
  const count = idCount(tokens);
  const pairs = createPairTable(count * 2);
  const index = createByteIndex(tokens);
  const { bytes, starts } = tokens;
  for (let id = 0; id < count; id += 1) {
    const start = starts[id]!;
    const end = starts[id + 1]!;
    for (let middle = start + 1; middle < end; middle += 1) {
      const left = findBytes(index, bytes, start, middle);
      const right = left < 0 ? -1 : findBytes(index, bytes, middle, end);
      if (right >= 0) setPair(pairs, left, right, id, id);
    }
  }
  return pairs;
}

function singleBytes(tokens: TokenBytes, name: string): Int32Array {
  const ids = new Int32Array(256).fill(-1);
  for (let id = idCount(tokens) - 1; id >= 0; id -= 1) {
    const token = bytesOfToken(tokens, id);
    if (token.length === 1) ids[token[0]!] = id;
  }
  const missing = ids.indexOf(-1);
  if (missing >= 0) {
    throw new ConfigError(name, 'a token for each of the 256 bytes', `none for byte 0x${missing.toString(16)}`);
  }
  return ids;
}
