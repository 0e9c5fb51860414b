import { InputError } from '@tesserae/core/data';

/** Numbers of so many bits, the lowest bit first, as EnCodec's `BitPacker` writes them. */
export interface BitWriter {
  push(value: number, bits: number): void;
  /** Fills the last byte with zeros: what follows begins at a byte. */
  align(): void;
  bytes(): Uint8Array;
}

export function bitWriter(): BitWriter {
  let out = new Uint8Array(1024);
  let length = 0;
  let current = 0;
  let filled = 0;
  const align = () => {
    if (filled === 0) return;
    if (length === out.length) {
      const grown = new Uint8Array(2 * length);
      grown.set(out);
      out = grown;
    }
    out[length] = current;
    length += 1;
    current = 0;
    filled = 0;
  };
  return {
    push(value, bits) {
      for (let bit = 0; bit < bits; bit += 1) {
        current |= ((value >>> bit) & 1) << filled;
        filled += 1;
        if (filled === 8) align();
      }
    },
    align,
    bytes: () => out.slice(0, length),
  };
}

/** Reads what {@link bitWriter} wrote, and whole bytes between. */
export interface BitReader {
  /** @throws {InputError} `undecodable`: the file ends here. */
  pull(bits: number): number;
  /** Leaves out what is left of the byte. */
  align(): void;
  /** Whole bytes, from the next byte on. @throws {InputError} `undecodable`. */
  take(count: number): Uint8Array;
}

/** @param name - For messages. */
export function bitReader(bytes: Uint8Array, name: string): BitReader {
  let at = 0;
  let used = 8;
  const need = (count: number) => {
    if (at + count <= bytes.length) return;
    throw new InputError(name, 'a whole file', `one that ends after ${bytes.length} bytes`, { code: 'undecodable' });
  };
  return {
    pull(bits) {
      let value = 0;
      for (let bit = 0; bit < bits; bit += 1) {
        if (used === 8) {
          need(1);
          at += 1;
          used = 0;
        }
        value |= ((bytes[at - 1]! >> used) & 1) << bit;
        used += 1;
      }
      return value;
    },
    align() {
      used = 8;
    },
    take(count) {
      used = 8;
      need(count);
      at += count;
      return bytes.subarray(at - count, at);
    },
  };
}
