import type { ByteVocabulary } from './byte-vocabulary';
import { createMergeSpace, mergeTokens } from './merge';
import { findPair } from './pair-table';
import { readBytes } from './piece-encoder';
import { bytesOfToken } from './token-bytes';

/** Tells whether two tokens can stand side by side in the encoding of a piece. */
export type ValidPair = (left: number, right: number) => boolean;

const atom = -1;

/**
 * Two tokens are the encoding of their joined bytes exactly where no merge crosses the joint before both are whole. So
 * their merges are undone from the youngest on, and the pair at the joint is looked at each time: a pair that merges
 * earlier than what was undone last would have been taken (the proof is that of the crate `bpe` of rust-gems).
 */
export function createValidPair(vocabulary: ByteVocabulary): ValidPair {
  const halves = halvesOf(vocabulary);
  if (!halves) return (left, right) => isOwnEncoding(vocabulary, left, right);
  const { pairs } = vocabulary;
  const [lefts, rights] = halves;
  return (left, right) => {
    let [one, other] = [left, right];
    let limit = Infinity;
    for (;;) {
      const found = findPair(pairs, one, other);
      if (found >= 0 && pairs.slots[found + 2]! < limit) return false;
      const isAtom = lefts[one] === atom;
      if (isAtom && lefts[other] === atom) return true;
      // Of equal tokens the left one is merged first, so that the right one is undone first.
      if (!isAtom && (lefts[other] === atom || one > other)) {
        limit = one;
        one = rights[one]!;
      } else {
        limit = other + 1;
        other = lefts[other]!;
      }
    }
  };
}

/** Which two tokens each token is made of; undefined where some can be made in several ways. */
function halvesOf({ pairs, count }: ByteVocabulary): readonly [Int32Array, Int32Array] | undefined {
  const lefts = new Int32Array(count).fill(atom);
  const rights = new Int32Array(count).fill(atom);
  for (let at = 0; at < pairs.slots.length; at += 4) {
    if (pairs.slots[at] === -1) continue;
    const merged = pairs.slots[at + 3]!;
    if (lefts[merged] !== atom) return undefined;
    lefts[merged] = pairs.slots[at]!;
    rights[merged] = pairs.slots[at + 1]!;
  }
  return [lefts, rights];
}

/** The same by encoding the joined bytes. */
export function isOwnEncoding(vocabulary: ByteVocabulary, left: number, right: number): boolean {
  const { tokens, pairs } = vocabulary;
  const bytes = Uint8Array.of(...bytesOfToken(tokens, left), ...bytesOfToken(tokens, right));
  const space = createMergeSpace();
  const count = mergeTokens(space, readBytes({ space, vocabulary }, bytes, bytes.length), pairs);
  return count === 2 && space.ids[0] === left && space.ids[1] === right;
}
