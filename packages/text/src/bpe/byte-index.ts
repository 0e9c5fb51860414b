import type { TokenBytes } from './token-bytes';

/** Finds the id of a byte string: open addressing over the tokens themselves, nothing is copied. */
export interface ByteIndex {
  readonly tokens: TokenBytes;
  /** Ids plus one; 0 is an empty slot. */
  readonly slots: Int32Array;
}

/** Where two ids have the same bytes, the smaller one is found. */
export function createByteIndex(tokens: TokenBytes): ByteIndex {
  const { bytes, starts } = tokens;
  const count = starts.length - 1;
  let size = 16;
  while (size < count * 2) size *= 2;
  const index: ByteIndex = { tokens, slots: new Int32Array(size) };
  for (let id = 0; id < count; id += 1) {
    const start = starts[id]!;
    const end = starts[id + 1]!;
    if (end > start && findBytes(index, bytes, start, end) < 0) {
      let slot = hashBytes(bytes, start, end) & (size - 1);
      while (index.slots[slot] !== 0) slot = (slot + 1) & (size - 1);
      index.slots[slot] = id + 1;
    }
  }
  return index;
}

/** Id of `bytes[start .. end]`, or -1. */
export function findBytes({ tokens, slots }: ByteIndex, bytes: Uint8Array, start: number, end: number): number {
  const mask = slots.length - 1;
  const length = end - start;
  for (let slot = hashBytes(bytes, start, end) & mask; slots[slot] !== 0; slot = (slot + 1) & mask) {
    const id = slots[slot]! - 1;
    const first = tokens.starts[id]!;
    if (tokens.starts[id + 1]! - first !== length) continue;
    let offset = 0;
    while (offset < length && tokens.bytes[first + offset] === bytes[start + offset]) offset += 1;
    if (offset === length) return id;
  }
  return -1;
}

function hashBytes(bytes: Uint8Array, start: number, end: number): number {
  let hash = 0x811c9dc5;
  for (let index = start; index < end; index += 1) hash = Math.imul(hash ^ bytes[index]!, 0x01000193);
  return hash ^ (hash >>> 15);
}
