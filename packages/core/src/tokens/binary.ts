import { TokensError } from '../errors/tokens-error';

/** Reads little-endian fields of a `.tok` file; never past the end. */
export interface ByteReader {
  readonly position: number;
  readonly remaining: number;
  /** @throws {TokensError} `malformed`: too few bytes are left. */
  take(count: number, what: string): Uint8Array;
  /** Everything that is left, without moving on. */
  rest(): Uint8Array;
  u32(what: string): number;
  u64(what: string): number;
  /** LEB128 of at most 5 bytes. */
  varint(what: string): number;
}

export function byteReader(bytes: Uint8Array): ByteReader {
  let position = 0;
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const advance = (count: number, what: string): number => {
    if (count > bytes.length - position) {
      throw malformed(`${what}: ${count} bytes at offset ${position}, but only ${bytes.length - position} are left`);
    }
    const start = position;
    position += count;
    return start;
  };
  return {
    get position() {
      return position;
    },
    get remaining() {
      return bytes.length - position;
    },
    take: (count, what) => {
      const start = advance(count, what);
      return bytes.subarray(start, start + count);
    },
    rest: () => bytes.subarray(position),
    u32: (what) => view.getUint32(advance(4, what), true),
    u64: (what) => {
      const start = advance(8, what);
      const value = view.getUint32(start, true) + view.getUint32(start + 4, true) * 2 ** 32;
      if (!Number.isSafeInteger(value)) {
        throw malformed(`${what}: a number above 2^53 at offset ${start}`);
      }
      return value;
    },
    varint: (what) => {
      let value = 0;
      for (let shift = 0; shift < 5; shift += 1) {
        const byte = bytes[advance(1, what)]!;
        value += (byte & 0x7f) * 2 ** (7 * shift);
        if (byte < 0x80) {
          return value;
        }
      }
      throw malformed(`${what}: a length of more than 5 bytes before offset ${position}`);
    },
  };
}

export function u16Bytes(value: number): Uint8Array {
  return Uint8Array.of(value & 255, value >>> 8);
}

export function u32Bytes(value: number): Uint8Array {
  return Uint8Array.of(value & 255, (value >>> 8) & 255, (value >>> 16) & 255, value >>> 24);
}

export function u64Bytes(value: number): Uint8Array {
  return concatBytes([u32Bytes(value % 2 ** 32), u32Bytes(Math.floor(value / 2 ** 32))]);
}

/** LEB128. */
export function varintBytes(value: number): Uint8Array {
  const bytes: number[] = [];
  let rest = value;
  while (rest >= 0x80) {
    bytes.push((rest % 0x80) | 0x80);
    rest = Math.floor(rest / 0x80);
  }
  return Uint8Array.from([...bytes, rest]);
}

/** The bytes of all parts, one after the other. */
export function concatBytes(parts: readonly Uint8Array[]): Uint8Array {
  const out = new Uint8Array(parts.reduce((sum, part) => sum + part.length, 0));
  let at = 0;
  for (const part of parts) {
    out.set(part, at);
    at += part.length;
  }
  return out;
}

export function malformed(what: string): TokensError {
  return new TokensError('malformed', `.tok file: ${what}.`);
}
