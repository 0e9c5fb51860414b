/** Ranges up to this are sorted by insertion. */
const shortRange = 12;

/**
 * Sorts the suffixes of a sequence by their first `depth` symbols; a suffix ends with the first 0 in it. The order of
 * suffixes that are equal so far is left open. Three-way quicksort by symbols; O(n log n + n · depth).
 *
 * @param symbols - From 0; the last one is 0.
 * @param depth - Symbols to compare, at least 1.
 * @returns Where each suffix begins, `[symbols.length]`.
 */
export function sortSuffixes(symbols: Int32Array, depth: number): Int32Array {
  const order = Int32Array.from(symbols, (_, index) => index);
  // Ranges left to sort, as start, end and the symbol to look at: the stack is at most as deep as log n + depth.
  const work: number[] = [0, order.length, 0];
  while (work.length > 0) {
    const offset = work.pop()!;
    const end = work.pop()!;
    const start = work.pop()!;
    if (end - start < 2 || offset >= depth) continue;
    if (end - start <= shortRange) {
      sortShort(symbols, order, start, end, offset, depth);
      continue;
    }
    const pivot = median(symbols, order, start, end, offset);
    let less = start;
    let greater = end;
    for (let at = start; at < greater;) {
      const symbol = symbols[order[at]! + offset]!;
      if (symbol < pivot) swap(order, less++, at++);
      else if (symbol > pivot) swap(order, at, --greater);
      else at += 1;
    }
    // The largest part first, so that the others, which are small, come off the stack before it.
    const parts: (readonly [number, number, number])[] = [
      [start, less, offset],
      [greater, end, offset],
    ];
    if (pivot !== 0) parts.push([less, greater, offset + 1]);
    parts.sort((one, other) => other[1] - other[0] - (one[1] - one[0]));
    for (const part of parts) work.push(...part);
  }
  return order;
}

/** Compares two suffixes from `offset` on; both are equal before. */
function compareSuffixes(symbols: Int32Array, first: number, second: number, offset: number, depth: number): number {
  for (let index = offset; index < depth; index += 1) {
    const symbol = symbols[first + index]!;
    const difference = symbol - symbols[second + index]!;
    if (difference !== 0 || symbol === 0) return difference;
  }
  return 0;
}

function sortShort(
  symbols: Int32Array,
  order: Int32Array,
  start: number,
  end: number,
  offset: number,
  depth: number,
): void {
  for (let next = start + 1; next < end; next += 1) {
    const suffix = order[next]!;
    let at = next;
    while (at > start && compareSuffixes(symbols, order[at - 1]!, suffix, offset, depth) > 0) {
      order[at] = order[at - 1]!;
      at -= 1;
    }
    order[at] = suffix;
  }
}

function median(symbols: Int32Array, order: Int32Array, start: number, end: number, offset: number): number {
  const first = symbols[order[start]! + offset]!;
  const middle = symbols[order[(start + end) >> 1]! + offset]!;
  const last = symbols[order[end - 1]! + offset]!;
  return Math.max(Math.min(first, middle), Math.min(Math.max(first, middle), last));
}

function swap(order: Int32Array, first: number, second: number): void {
  const kept = order[first]!;
  order[first] = order[second]!;
  order[second] = kept;
}

/**
 * Length of what neighbouring suffixes of {@link sortSuffixes} have in common, up to `depth`; the 0 that ends both
 * counts.
 *
 * @returns `[symbols.length]`; element `i` compares the suffixes `i - 1` and `i`, the first is 0.
 */
export function commonPrefixes(symbols: Int32Array, order: Int32Array, depth: number): Int32Array {
  const lengths = new Int32Array(order.length);
  for (let index = 1; index < order.length; index += 1) {
    const first = order[index - 1]!;
    const second = order[index]!;
    let length = 0;
    while (length < depth) {
      const symbol = symbols[first + length]!;
      if (symbol !== symbols[second + length]) break;
      length += 1;
      if (symbol === 0) break;
    }
    lengths[index] = length;
  }
  return lengths;
}
