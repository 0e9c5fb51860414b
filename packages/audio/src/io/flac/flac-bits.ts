/** The bytes at hand end within a frame. */
export class MissingBits extends Error {}

/** A frame contradicts itself; the message says how. */
export class BrokenFrame extends Error {}

/** Samples or residuals of a subframe: doubles where 33 bits are needed. */
export type SubframeSamples = Int32Array | Float64Array;

/** Bits from the highest of each byte on. Everything throws {@link MissingBits} past the end. */
export interface FlacBits {
  /** Bits read so far. */
  readonly position: number;
  /** A number of up to 32 bits. */
  unsigned(bits: number): number;
  /** A number of up to 33 bits in two's complement. */
  signed(bits: number): number;
  /** Zeros before the next one, which is read too. */
  unary(): number;
  /** Rice-coded numbers: quotient in unary, `parameter` low bits, the sign in the lowest one. */
  rice(out: SubframeSamples, from: number, to: number, parameter: number): void;
  /** On to the next whole byte. */
  align(): void;
}

const widest = 24;

/** @param start - First byte. */
export function flacBits(bytes: Uint8Array, start = 0): FlacBits {
  const limit = bytes.length * 8;
  let at = start * 8;

  /** The bits from here on, at least {@link widest} of them, from the highest bit down. */
  function ahead(): number {
    const byte = at >>> 3;
    return ((bytes[byte]! << 24) | (bytes[byte + 1]! << 16) | (bytes[byte + 2]! << 8) | bytes[byte + 3]!) << (at & 7);
  }

  function advance(bits: number): void {
    at += bits;
    if (at > limit) throw new MissingBits();
  }

  function unsigned(bits: number): number {
    if (bits > widest) return unsigned(bits - 16) * 65_536 + unsigned(16);
    if (bits === 0) return 0;
    const value = ahead() >>> (32 - bits);
    advance(bits);
    return value;
  }

  function signed(bits: number): number {
    if (bits > widest) return signed(bits - 16) * 65_536 + unsigned(16);
    if (bits === 0) return 0;
    const value = ahead() >> (32 - bits);
    advance(bits);
    return value;
  }

  function unary(): number {
    let zeros = 0;
    for (;;) {
      const next = ahead();
      if (next !== 0) {
        const count = Math.clz32(next);
        advance(count + 1);
        return zeros + count;
      }
      const empty = 32 - (at & 7);
      zeros += empty;
      advance(empty);
    }
  }

  return {
    get position() {
      return at;
    },
    unsigned,
    signed,
    unary,
    rice(out, from, to, parameter) {
      const largest = 2 ** (31 - parameter);
      for (let index = from; index < to; index += 1) {
        // Most numbers lie within the bits ahead: one look instead of two.
        const next = ahead();
        const zeros = Math.clz32(next);
        const length = zeros + 1 + parameter;
        if (length <= widest && parameter > 0) {
          const folded = (zeros << parameter) | ((next << (zeros + 1)) >>> (32 - parameter));
          at += length;
          out[index] = (folded >>> 1) ^ -(folded & 1);
          continue;
        }
        const quotient = unary();
        const low = unsigned(parameter);
        if (quotient < largest) {
          const folded = (quotient << parameter) | low;
          out[index] = (folded >>> 1) ^ -(folded & 1);
        } else {
          const folded = quotient * 2 ** parameter + low;
          if (folded >= 2 ** 32) throw new BrokenFrame('a residual of more than 32 bits');
          out[index] = folded % 2 === 1 ? -(folded + 1) / 2 : folded / 2;
        }
      }
      advance(0);
    },
    align() {
      at = Math.ceil(at / 8) * 8;
    },
  };
}
