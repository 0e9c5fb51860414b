import { frequencyTotal } from './byte-model';

/**
 * How the codes that are left in a window are shared among what may come next: the first says that the window ends, the
 * others belong to bytes, each by its frequency and at least one where there are enough. Where there are fewer than 256,
 * the likeliest bytes get one each.
 */
export interface WindowShares {
  /** First code and number of codes of a byte; undefined where it has none. */
  ofByte(byte: number): readonly [first: bigint, count: bigint] | undefined;
  /** The byte that a code belongs to, with its share; `end` for the first one. */
  ofCode(code: bigint): { readonly byte: number; readonly first: bigint; readonly count: bigint } | 'end';
}

/**
 * @param codes - Codes left, at least 1.
 * @param frequencies - Of the model.
 * @param mayEnd - Whether one code says that the window ends; not at its beginning.
 */
export function shareCodes(codes: bigint, frequencies: Int32Array, mayEnd: boolean): WindowShares {
  const ends = mayEnd ? 1n : 0n;
  const free = codes - ends;
  if (free < 256n) return fewCodes(Number(free), frequencies, ends);
  const sums = new Float64Array(257);
  for (let byte = 0; byte < 256; byte += 1) sums[byte + 1] = sums[byte]! + frequencies[byte]!;
  const spare = free - 256n;
  const start = (byte: number) => ends + BigInt(byte) + (spare * BigInt(sums[byte]!)) / BigInt(frequencyTotal);
  const ofByte = (byte: number) => [start(byte), start(byte + 1) - start(byte)] as const;
  return {
    ofByte,
    ofCode(code) {
      if (code < ends) return 'end';
      let [low, high] = [0, 255];
      while (low < high) {
        const middle = (low + high + 1) >> 1;
        if (start(middle) <= code) low = middle;
        else high = middle - 1;
      }
      const [first, count] = ofByte(low);
      return { byte: low, first, count };
    },
  };
}

/** One code each for the likeliest bytes, in order of their frequency, then of their value. */
function fewCodes(count: number, frequencies: Int32Array, ends: bigint): WindowShares {
  const bytes = Array.from(frequencies, (_, byte) => byte)
    .toSorted((a, b) => frequencies[b]! - frequencies[a]! || a - b)
    .slice(0, count);
  return {
    ofByte(byte) {
      const place = bytes.indexOf(byte);
      return place < 0 ? undefined : [ends + BigInt(place), 1n];
    },
    ofCode: (code) => (code < ends ? 'end' : { byte: bytes[Number(code - ends)]!, first: code, count: 1n }),
  };
}
