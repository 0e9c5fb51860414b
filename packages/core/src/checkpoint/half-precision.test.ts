import { describe, expect, it } from 'vitest';
import { halfToNumber, widenBfloat16, widenHalf } from './half-precision';

const every = Uint16Array.from({ length: 65536 }, (_, bits) => bits);

/** IEEE 754 binary16 by its definition. */
function half(bits: number): number {
  const sign = bits & 0x8000 ? -1 : 1;
  const exponent = (bits >> 10) & 31;
  const fraction = bits & 0x3ff;
  if (exponent === 31) return fraction === 0 ? sign * Infinity : Number.NaN;
  return exponent === 0 ? sign * fraction * 2 ** -24 : sign * (1 + fraction / 1024) * 2 ** (exponent - 15);
}

describe('half precision', () => {
  it('widens every float16 exactly', () => {
    const wide = widenHalf(every);
    const wrong = [...every].filter(
      (bits) => !Object.is(wide[bits], half(bits)) || !Object.is(halfToNumber(bits), half(bits)),
    );
    expect(wrong).toEqual([]);
  });

  it('keeps NaN payloads', () => {
    const words = new Uint32Array(widenHalf(Uint16Array.of(0x7e01, 0xfc01)).buffer);
    expect([...words]).toEqual([0x7fc02000, 0xff802000]);
  });

  it('widens every bfloat16 exactly', () => {
    const words = new Uint32Array(widenBfloat16(every).buffer);
    expect(words.every((word, bits) => word === (bits << 16) >>> 0)).toBe(true);
  });

  it('writes from a position', () => {
    expect([...widenHalf(Uint16Array.of(0x3c00), new Float32Array(3), 1)]).toEqual([0, 1, 0]);
  });
});
