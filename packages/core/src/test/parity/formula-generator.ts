/**
 * The generator of weights by formula (fixtures: `FORMULA-WEIGHTS.md`): the same values bit for bit in every language
 * with 32-bit integers and IEEE doubles.
 */

/** FNV-1a, 32 bits, over the UTF-8 bytes. */
export function fnv1a(text: string): number {
  let hash = 0x811c9dc5;
  for (const byte of new TextEncoder().encode(text)) {
    hash = Math.imul(hash ^ byte, 0x01000193);
  }
  return hash >>> 0;
}

/** The finalizer of MurmurHash3, as an unsigned integer. */
export function mix(x: number): number {
  let h = x;
  h = Math.imul(h ^ (h >>> 16), 0x85ebca6b);
  h = Math.imul(h ^ (h >>> 13), 0xc2b2ae35);
  return (h ^ (h >>> 16)) >>> 0;
}

/** Golden ratio step of the counters. */
export const counterStep = 0x9e3779b9;

/** One of 2^24 equally spaced values in [-1, 1), exact in float32. */
export function unitValue(seed: number, index: number): number {
  return (mix((seed + Math.imul(index, counterStep)) | 0) >>> 8) * 2 ** -23 - 1;
}

/** Seed of a tensor. */
export function tensorSeed(key: string, generatorSeed: number): number {
  return (fnv1a(key) ^ generatorSeed) >>> 0;
}

/** `float32(offset + scale * u)` of elements `start`, `start + 1`, …. */
export function fillUniform(out: Float32Array, start: number, seed: number, scale: number, offset: number): void {
  for (let i = 0; i < out.length; i += 1) {
    out[i] = offset + scale * unitValue(seed, start + i);
  }
}

/** `float32(mean[d] + spread[d] * u)` with d = index modulo the length of `mean`. */
export function fillCodebook(
  out: Float32Array,
  start: number,
  seed: number,
  mean: ArrayLike<number>,
  spread: ArrayLike<number>,
): void {
  const dim = mean.length;
  for (let i = 0; i < out.length; i += 1) {
    const d = (start + i) % dim;
    out[i] = mean[d]! + spread[d]! * unitValue(seed, start + i);
  }
}

/** Periodic Hann window, as `torch.hann_window(length)`. */
export function fillHann(out: Float32Array, start: number, length: number): void {
  for (let i = 0; i < out.length; i += 1) {
    out[i] = 0.5 - 0.5 * Math.cos((2 * Math.PI * (start + i)) / length);
  }
}
