import { readFileSync } from 'node:fs';

export const lengthBytes = 4;

/** The bytes behind their length: a shorter file is written over a longer one. */
export function withLength(bytes: Uint8Array): Uint8Array {
  const all = new Uint8Array(lengthBytes + bytes.length);
  new DataView(all.buffer).setUint32(0, bytes.length, true);
  all.set(bytes, lengthBytes);
  return all;
}

/** What {@link withLength} wrote; empty where nothing was. */
export function readCurrent(path: string): Uint8Array {
  const all = new Uint8Array(readFileSync(path));
  if (all.length < lengthBytes) return new Uint8Array();
  return all.subarray(lengthBytes, lengthBytes + new DataView(all.buffer).getUint32(0, true));
}
