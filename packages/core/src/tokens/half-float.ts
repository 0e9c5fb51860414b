import { halfToNumber } from '../checkpoint/half-precision';

const single = new Float32Array(1);
const word = new Uint32Array(single.buffer);

/** IEEE 754 binary16 bits of the nearest half (ties to even); too large becomes infinity, NaN a quiet NaN. */
export function numberToHalf(value: number): number {
  single[0] = value;
  const bits = word[0]!;
  const sign = (bits >>> 16) & 0x8000;
  const magnitude = bits & 0x7fffffff;
  if (magnitude > 0x7f800000) {
    return sign | 0x7e00;
  }
  if (magnitude >= 0x477ff000) {
    return sign | 0x7c00; // 65520 and above round to infinity
  }
  if (magnitude < 0x38800000) {
    // Below 2^-14 halves are multiples of 2^-24.
    const scaled = Math.abs(single[0]!) * 2 ** 24;
    const floor = Math.floor(scaled);
    const rest = scaled - floor;
    const up = rest > 0.5 || (rest === 0.5 && floor % 2 === 1);
    return sign | (floor + (up ? 1 : 0));
  }
  const rounded = magnitude + 0x0fff + ((magnitude >>> 13) & 1);
  return sign | ((rounded - 0x38000000) >>> 13);
}

/** The float16 bits of every value, little-endian order of a `Uint16Array`. */
export function toHalves(values: Float32Array): Uint16Array {
  return Uint16Array.from(values, numberToHalf);
}

/** Values rounded to what float16 holds; the same array where nothing changes. */
export function roundToHalf(values: Float32Array): Float32Array {
  const rounded = Float32Array.from(values, (value) => halfToNumber(numberToHalf(value)));
  return rounded.every((value, index) => Object.is(value, values[index])) ? values : rounded;
}
