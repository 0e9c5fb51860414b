import { compareBytes } from '../bpe/token-bytes';

/** Finds tokens by what their bytes begin with. */
export interface PrefixIndex {
  /** Bytes of every token, by id. */
  readonly tokens: readonly Uint8Array[];
  /** Ids in order of their bytes; ids without bytes are left out. */
  readonly order: Int32Array;
  /** Bytes of the longest token. */
  readonly longest: number;
}

/**
 * Sorts a vocabulary, so that the tokens with one prefix are neighbours.
 *
 * @param tokens - Bytes of every token by id, as the model sees them: `▁` is a space, `<0xAB>` is one byte. Empty for
 *   ids that stand for no text.
 */
export function createPrefixIndex(tokens: readonly Uint8Array[]): PrefixIndex {
  const ids = tokens.flatMap((bytes, id) => (bytes.length > 0 ? [id] : []));
  const order = Int32Array.from(ids.toSorted((a, b) => compareBytes(tokens[a]!, tokens[b]!) || a - b));
  const longest = tokens.reduce((length, bytes) => Math.max(length, bytes.length), 0);
  return { tokens, order, longest };
}

/** Ids whose bytes begin with `prefix` and go on after it, in ascending order. */
export function idsWithProperPrefix(index: PrefixIndex, prefix: Uint8Array): Int32Array {
  if (prefix.length >= index.longest) return new Int32Array(0);
  const start = firstWhere(index, (bytes) => compareBytes(bytes, prefix) > 0);
  const end = firstWhere(index, (bytes) => compareBytes(bytes.subarray(0, prefix.length), prefix) > 0);
  return index.order.slice(start, end).toSorted();
}

/** Ids whose bytes the text begins with, and ids whose bytes begin with the text, in ascending order. */
export function idsAlong(index: PrefixIndex, text: Uint8Array): Int32Array {
  const { tokens, order, longest } = index;
  const found: number[] = [];
  for (let length = 1; length <= Math.min(text.length, longest); length += 1) {
    const beginning = text.subarray(0, length);
    let at = firstWhere(index, (bytes) => compareBytes(bytes, beginning) >= 0);
    for (; at < order.length; at += 1) {
      const bytes = tokens[order[at]!]!;
      if (compareBytes(bytes.subarray(0, length), beginning) !== 0) break;
      if (length < text.length && bytes.length > length) break;
      found.push(order[at]!);
    }
  }
  return Int32Array.from(found).toSorted();
}

/** The first place in the order from which on the condition holds. */
function firstWhere({ tokens, order }: PrefixIndex, condition: (bytes: Uint8Array) => boolean): number {
  let low = 0;
  let high = order.length;
  while (low < high) {
    const middle = (low + high) >> 1;
    if (condition(tokens[order[middle]!]!)) high = middle;
    else low = middle + 1;
  }
  return low;
}

/**
 * For every position of a token sequence the tokens that could stand there instead of it and everything after it: those
 * whose bytes begin with all bytes from there to the end, and go on (`get_alternative_ids` of the official code).
 */
export function alternativeIds(index: PrefixIndex, ids: ArrayLike<number>): Int32Array[] {
  const alternatives: Int32Array[] = Array.from(ids, () => new Int32Array(0));
  let rest = new Uint8Array(0);
  for (let position = ids.length - 1; position >= 0; position -= 1) {
    const bytes = index.tokens[ids[position]!] ?? new Uint8Array(0);
    const longer = new Uint8Array(bytes.length + rest.length);
    longer.set(bytes);
    longer.set(rest, bytes.length);
    rest = longer;
    if (rest.length >= index.longest) break;
    if (rest.length > 0) alternatives[position] = idsWithProperPrefix(index, rest);
  }
  return alternatives;
}
