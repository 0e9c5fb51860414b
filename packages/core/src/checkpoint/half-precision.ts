const word = new Uint32Array(1);
const single = new Float32Array(word.buffer);

/** The float32 of every float16 exponent and sign: 2^16 entries would cost 256 kB; 64 and a multiply do the same exactly. */
const halfScales = Float32Array.from({ length: 64 }, (_, signAndExponent) => {
  const exponent = signAndExponent & 31;
  const scale = exponent === 0 ? 2 ** -24 : 2 ** (exponent - 25);
  return signAndExponent & 32 ? -scale : scale;
});

/** The value of IEEE 754 binary16 bits, exactly (NaN payloads are kept). */
export function halfToNumber(bits: number): number {
  const signAndExponent = bits >>> 10;
  const mantissa = bits & 0x3ff;
  const exponent = signAndExponent & 31;
  if (exponent === 31) {
    word[0] = ((bits & 0x8000) << 16) | 0x7f800000 | (mantissa << 13);
    return single[0]!;
  }
  // An integer below 2^11 times a power of two: no rounding.
  return (exponent === 0 ? mantissa : mantissa + 1024) * halfScales[signAndExponent]!;
}

/** Widens float16 bits to float32, exactly. */
export function widenHalf(
  bits: Uint16Array,
  out: Float32Array = new Float32Array(bits.length),
  start = 0,
): Float32Array {
  const words = new Uint32Array(out.buffer, out.byteOffset, out.length);
  for (let i = 0; i < bits.length; i += 1) {
    const half = bits[i]!;
    const exponent = (half >>> 10) & 31;
    // Normal numbers by shifting and rebiasing (127 - 15 = 112); zeros, subnormals, infinities and NaN by the slow way.
    if (exponent !== 0 && exponent !== 31)
      words[start + i] = ((half & 0x8000) << 16) | (((half & 0x7fff) << 13) + 0x38000000);
    else if (exponent === 31) words[start + i] = ((half & 0x8000) << 16) | 0x7f800000 | ((half & 0x3ff) << 13);
    else out[start + i] = (half & 0x3ff) * halfScales[half >>> 10]!;
  }
  return out;
}

/** Widens bfloat16 bits (the upper half of a float32) to float32, exactly. */
export function widenBfloat16(
  bits: Uint16Array,
  out: Float32Array = new Float32Array(bits.length),
  start = 0,
): Float32Array {
  const words = new Uint32Array(out.buffer, out.byteOffset, out.length);
  for (let i = 0; i < bits.length; i += 1) words[start + i] = bits[i]! << 16;
  return out;
}
