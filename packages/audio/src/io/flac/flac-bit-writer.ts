/** Bits into bytes, from the highest of each byte on. */
export interface FlacBitWriter {
  /** The low `bits` (up to 32) of a number, negative ones in two's complement. */
  push(value: number, bits: number): void;
  /** A number that is not negative, in Rice code: quotient in unary, `parameter` low bits. */
  rice(value: number, parameter: number): void;
  /** Zeros up to the next whole byte. */
  align(): void;
  /** What has been written, after {@link align}; valid until the next call. */
  bytes(): Uint8Array;
  clear(): void;
}

export function flacBitWriter(): FlacBitWriter {
  let out = new Uint8Array(16_384);
  let length = 0;
  let pending = 0;
  let count = 0;

  function put(byte: number): void {
    if (length === out.length) {
      const grown = new Uint8Array(2 * length);
      grown.set(out);
      out = grown;
    }
    out[length] = byte;
    length += 1;
  }

  function push(value: number, bits: number): void {
    if (bits > 16) {
      push(Math.floor(value / 65_536), bits - 16);
      push(value & 0xffff, 16);
      return;
    }
    pending = (pending << bits) | (value & ((1 << bits) - 1));
    count += bits;
    while (count >= 8) {
      count -= 8;
      put((pending >>> count) & 0xff);
    }
    pending &= (1 << count) - 1;
  }

  return {
    push,
    rice(value, parameter) {
      let zeros = Math.floor(value * 2 ** -parameter);
      if (zeros + 1 + parameter <= 16) {
        push((1 << parameter) | (value & ((1 << parameter) - 1)), zeros + 1 + parameter);
        return;
      }
      for (; zeros >= 16; zeros -= 16) push(0, 16);
      push(1, zeros + 1);
      push(value, parameter);
    },
    align() {
      if (count > 0) push(0, 8 - count);
    },
    bytes: () => out.subarray(0, length),
    clear() {
      length = 0;
      pending = 0;
      count = 0;
    },
  };
}
