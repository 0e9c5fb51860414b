import { ConfigError } from '@tesserae/core/data';
import { utf8Decode } from '../bytes/utf8';

/**
 * A character map: a Darts-clone double array whose values are offsets into replacement strings, each ended by NUL.
 * Stored as the size of the array in bytes, the array and the strings.
 */
export interface Charsmap {
  readonly units: Uint32Array;
  readonly replacements: Uint8Array;
}

/**
 * @param name - For errors.
 * @throws {ConfigError} The bytes are no such map.
 */
export function readCharsmap(bytes: Uint8Array, name: string): Charsmap | undefined {
  if (bytes.length === 0) return undefined;
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const size = bytes.length >= 4 ? view.getUint32(0, true) : 0;
  if (size === 0 || size % 4 !== 0 || size + 4 > bytes.length) {
    throw new ConfigError(name, 'a character map', `${bytes.length} other bytes`);
  }
  const units = new Uint32Array(size / 4);
  for (let index = 0; index < units.length; index += 1) units[index] = view.getUint32(4 + index * 4, true);
  return { units, replacements: bytes.subarray(4 + size) };
}

/** What {@link longestMatch} found. */
export interface CharsmapMatch {
  /** Bytes of the text. */
  readonly length: number;
  /** Offset of the replacement. */
  readonly value: number;
}

/** The longest stretch of bytes at `start` that the map knows. */
export function longestMatch(map: Charsmap, bytes: Uint8Array, start: number, end: number): CharsmapMatch | undefined {
  let found: CharsmapMatch | undefined;
  walk(map.units, bytes, start, end, (length, value) => {
    found = { length, value };
    return true;
  });
  return found;
}

/** The replacement of the shortest beginning that the map knows. */
export function shortestMatch(map: Charsmap, bytes: Uint8Array): string | undefined {
  let found: number | undefined;
  walk(map.units, bytes, 0, bytes.length, (_, value) => {
    found = value;
    return false;
  });
  return found === undefined ? undefined : utf8Decode(replacementBytes(map, found));
}

/** A replacement, by its offset. */
export function replacementBytes({ replacements }: Charsmap, offset: number): Uint8Array {
  const end = replacements.indexOf(0, offset);
  return replacements.subarray(offset, end < 0 ? replacements.length : end);
}

/**
 * Walks the double array. Of a unit, bits 0–7 are the label, bit 8 says that a value follows, bits 10–30 are the offset
 * to its children, in steps of 256 with bit 9.
 */
function walk(
  units: Uint32Array,
  bytes: Uint8Array,
  start: number,
  end: number,
  visit: (length: number, value: number) => boolean,
): void {
  let node = offsetOf(units[0]!);
  for (let at = start; at < end; at += 1) {
    const byte = bytes[at]!;
    if (byte === 0) return;
    node ^= byte;
    const unit = units[node];
    if (unit === undefined || (unit & 0x800000ff) >>> 0 !== byte) return;
    node ^= offsetOf(unit);
    if ((unit >>> 8) & 1 && !visit(at + 1 - start, (units[node] ?? 0) & 0x7fffffff)) return;
  }
}

const offsetOf = (unit: number): number => (unit >>> 10) << ((unit & 0x200) >>> 6);
