import { InputError } from '@tesserae/core/data';
import type { BitReader, BitWriter } from './bit-stream';

/** Width that the range is widened to before each symbol, bits. */
const rangeBits = 24;
const rangeWidth = 2 ** rangeBits;
/** Least share of a symbol. */
const leastWidth = 2;
const roundOff = Math.fround(1e-8);

/**
 * Upper ends of the shares of all symbols in a range of 2 ** 24, from their probabilities (`build_stable_quantized_cdf`
 * of EnCodec, in its float32 steps).
 *
 * @param probabilities - Sum about 1; at most 2 ** 23 of them.
 */
export function quantizedShares(probabilities: ArrayLike<number>): Int32Array {
  const spread = rangeWidth - leastWidth * probabilities.length;
  const ends = new Int32Array(probabilities.length);
  let end = 0;
  for (let symbol = 0; symbol < ends.length; symbol += 1) {
    const steps = Math.floor(Math.fround(Math.fround(probabilities[symbol]!) / roundOff));
    const rounded = Math.fround(steps * roundOff);
    end += Math.floor(Math.fround(spread * rounded)) + leastWidth;
    // Probabilities of float32 may add up to a little more than 1, at which the official code stops.
    end = Math.min(end, rangeWidth - leastWidth * (ends.length - 1 - symbol));
    ends[symbol] = end;
  }
  return ends;
}

/** The range that all symbols so far leave: numbers of `bits` bits whose common first bits are settled. */
interface Range {
  low: bigint;
  high: bigint;
  bits: number;
}

const wholeRange = (): Range => ({ low: 0n, high: 0n, bits: 0 });

const widthOf = ({ low, high }: Range) => Number(high - low + 1n);

/** Ends of the share of a symbol within the range. */
function shareOf(range: Range, ends: Int32Array, symbol: number): readonly [low: bigint, high: bigint] {
  const ratio = widthOf(range) / rangeWidth;
  const first = symbol === 0 ? 0 : ends[symbol - 1]!;
  const last = ends[symbol]! - 1;
  return [range.low + BigInt(Math.ceil(first * ratio)), range.low + BigInt(Math.floor(last * ratio))];
}

/** Takes off the first bits where both ends agree, and gives each to `settle`. */
function settlePrefix(range: Range, settle: (bit: bigint) => void): void {
  while (range.bits > 0) {
    const shift = BigInt(range.bits - 1);
    const bit = range.low >> shift;
    if (bit !== range.high >> shift) return;
    range.low -= bit << shift;
    range.high -= bit << shift;
    range.bits -= 1;
    settle(bit);
  }
}

function widen(range: Range): void {
  range.low *= 2n;
  range.high = range.high * 2n + 1n;
  range.bits += 1;
}

export interface ArithmeticEncoder {
  /** @param ends - Of {@link quantizedShares}. */
  push(symbol: number, ends: Int32Array): void;
  /** Writes what is left, up to a whole byte. */
  flush(): void;
}

/** The arithmetic coder of EnCodec (encodec/quantization/ac.py), bit for bit. */
export function arithmeticEncoder(writer: BitWriter): ArithmeticEncoder {
  const range = wholeRange();
  return {
    push(symbol, ends) {
      while (widthOf(range) < rangeWidth) widen(range);
      [range.low, range.high] = shareOf(range, ends, symbol);
      settlePrefix(range, (bit) => writer.push(Number(bit), 1));
    },
    flush() {
      for (let shift = range.bits - 1; shift >= 0; shift -= 1)
        writer.push(Number((range.low >> BigInt(shift)) & 1n), 1);
      range.bits = 0;
      writer.align();
    },
  };
}

export interface ArithmeticDecoder {
  /**
   * @param ends - The same as while encoding.
   * @throws {InputError} `undecodable`: the file ends here, or its bits mean nothing.
   */
  pull(ends: Int32Array): number;
}

/**
 * Decodes what {@link arithmeticEncoder} wrote. The bits after its last one are not read.
 *
 * @param name - Of the file, for messages.
 */
export function arithmeticDecoder(reader: BitReader, name: string): ArithmeticDecoder {
  const range = wholeRange();
  let current = 0n;
  return {
    pull(ends) {
      while (widthOf(range) < rangeWidth) {
        current = current * 2n + BigInt(reader.pull(1));
        widen(range);
      }
      // The symbol with the last share that does not begin above the number.
      let symbol = 0;
      for (let step = 1 << Math.ceil(Math.log2(ends.length + 1)); step >= 1; step >>= 1) {
        const next = symbol + step;
        if (next < ends.length && shareOf(range, ends, next)[0] <= current) symbol = next;
      }
      const [low, high] = shareOf(range, ends, symbol);
      if (current < low || current > high) {
        throw new InputError(name, 'codes of this language model', 'a number outside of all shares', {
          code: 'undecodable',
        });
      }
      [range.low, range.high] = [low, high];
      settlePrefix(range, (bit) => {
        current -= bit << BigInt(range.bits);
      });
      return symbol;
    },
  };
}
