import type { ByteVocabulary } from './byte-vocabulary';
import type { PairTable } from './pair-table';

/** The lowest ranks, plus one, of merges that cross the border of a character; 0: there are none. */
export interface EdgeRanks {
  /** By token that is part of a character: of its merges with the beginning of a character behind it. */
  readonly before: Int32Array;
  /** The same of its merges with the end of a character before it. */
  readonly behind: Int32Array;
}

/** How early the parts of characters merge with what stands beside the character. */
export interface TokenEdges {
  /** With anything. */
  readonly any: EdgeRanks;
  /** With characters that are not ASCII. */
  readonly others: EdgeRanks;
}

/** First and last byte and length of tokens. */
export interface TokenEnds {
  readonly first: Uint8Array;
  readonly last: Uint8Array;
  /** 255: or longer. */
  readonly length: Uint8Array;
}

/** Bytes of the longest part of a character of one UTF-16 unit. */
const longestPart = 3;

/** True for a merge of part of a character with what stands beside the character. */
export function isCrossing({ first, last, length }: TokenEnds, left: number, right: number): boolean {
  const [lastByte, firstByte] = [last[left]!, first[right]!];
  // Two of ASCII, or inside a character.
  if ((lastByte | firstByte) < 0x80 || (firstByte & 0xc0) === 0x80) return false;
  return (lastByte >= 0x80 && length[left]! <= longestPart) || (firstByte >= 0x80 && length[right]! <= longestPart);
}

/** Goes through the merges of a vocabulary, of which only those that cross count. */
export function createTokenEdges(vocabulary: ByteVocabulary): TokenEdges {
  const { ends = endsOf(vocabulary), crossings = crossingsOf(vocabulary.pairs, ends) } = vocabulary;
  const { first, last, length } = ends;
  const createRanks = (): EdgeRanks => ({
    before: new Int32Array(vocabulary.count),
    behind: new Int32Array(vocabulary.count),
  });
  const edges = { any: createRanks(), others: createRanks() };
  for (let at = 0; at < crossings.length; at += 3) {
    const left = crossings[at]!;
    const right = crossings[at + 1]!;
    const rank = crossings[at + 2]!;
    const [isLeftAscii, isRightAscii] = [last[left]! < 0x80, first[right]! < 0x80];
    const hasAscii = isLeftAscii || isRightAscii;
    if (!isLeftAscii && length[left]! <= longestPart) {
      lower(edges.any.before, left, rank);
      if (!hasAscii) lower(edges.others.before, left, rank);
    }
    if (!isRightAscii && length[right]! <= longestPart) {
      lower(edges.any.behind, right, rank);
      if (!hasAscii) lower(edges.others.behind, right, rank);
    }
  }
  return edges;
}

function lower(ranks: Int32Array, token: number, rank: number): void {
  const known = ranks[token]!;
  if (known === 0 || rank + 1 < known) ranks[token] = rank + 1;
}

function endsOf({ tokens: { bytes, starts }, count }: ByteVocabulary): TokenEnds {
  const ends = { first: new Uint8Array(count), last: new Uint8Array(count), length: new Uint8Array(count) };
  for (let id = 0; id < count; id += 1) {
    ends.first[id] = bytes[starts[id]!] ?? 0;
    ends.last[id] = bytes[starts[id + 1]! - 1] ?? 0;
    ends.length[id] = Math.min(255, starts[id + 1]! - starts[id]!);
  }
  return ends;
}

function crossingsOf({ slots }: PairTable, ends: TokenEnds): readonly number[] {
  const crossings: number[] = [];
  for (let at = 0; at < slots.length; at += 4) {
    const [left, right] = [slots[at]!, slots[at + 1]!];
    if (left !== -1 && isCrossing(ends, left, right)) crossings.push(left, right, slots[at + 2]!);
  }
  return crossings;
}
