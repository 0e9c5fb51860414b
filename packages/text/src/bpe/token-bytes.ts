/** The byte strings of a vocabulary, by id, end to end. */
export interface TokenBytes {
  readonly bytes: Uint8Array;
  /** Token `id` is `bytes[starts[id] .. starts[id + 1]]`; an id without a token is empty. */
  readonly starts: Int32Array;
}

/** Puts the strings of a list one behind the other; `undefined` is an id without a token. */
export function joinTokenBytes(tokens: readonly (Uint8Array | undefined)[]): TokenBytes {
  const starts = new Int32Array(tokens.length + 1);
  let total = 0;
  for (let id = 0; id < tokens.length; id += 1) {
    total += tokens[id]?.length ?? 0;
    starts[id + 1] = total;
  }
  const bytes = new Uint8Array(total);
  for (let id = 0; id < tokens.length; id += 1) {
    const token = tokens[id];
    if (token) bytes.set(token, starts[id]!);
  }
  return { bytes, starts };
}

/** Bytes of one token; empty where the id has none. A view, not a copy. */
export function bytesOfToken({ bytes, starts }: TokenBytes, id: number): Uint8Array {
  return bytes.subarray(starts[id] ?? 0, starts[id + 1] ?? 0);
}

/** One more than the largest id. */
export const idCount = ({ starts }: TokenBytes): number => starts.length - 1;

/** Order of byte strings: -1, 0 or 1. */
export function compareBytes(left: Uint8Array, right: Uint8Array): number {
  const shared = Math.min(left.length, right.length);
  for (let index = 0; index < shared; index += 1) {
    if (left[index] !== right[index]) return left[index]! < right[index]! ? -1 : 1;
  }
  return Math.sign(left.length - right.length);
}
